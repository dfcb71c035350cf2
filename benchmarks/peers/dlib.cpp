// dlib's models of the small networks. A network is a type in dlib too, so each is declared once more here.
#include <dlib/dnn.h>
#include <dlib/revision.h>

#include <algorithm>
#include <laminate/graph/parameters.hpp>
#include <laminate/support/error.hpp>
#include <type_traits>

#include "peer.hpp"

namespace bench {
namespace {

using image = dlib::input<dlib::matrix<float>>;  // or any row of numbers: it is given tensors

template<class Below>
using features_of_lenet = dlib::max_pool<
    2, 2, 2, 2,
    dlib::relu<dlib::add_layer<dlib::con_<16, 5, 5, 1, 1, 0, 0>,
                               dlib::max_pool<2, 2, 2, 2, dlib::relu<dlib::con<6, 5, 5, 1, 1, Below>>>>>>;
using lenet = dlib::loss_multiclass_log<
    dlib::fc<10, dlib::relu<dlib::fc<84, dlib::relu<dlib::fc<120, features_of_lenet<image>>>>>>>;
using mlp = dlib::loss_multiclass_log<dlib::fc<10, dlib::relu<dlib::fc<128, image>>>>;
using tiny_mlp = dlib::loss_mean_squared<dlib::fc<1, dlib::htan<dlib::fc<16, dlib::htan<dlib::fc<16, image>>>>>>;

template<class Net> class dlib_model : public peer {
  static constexpr bool has_classes = !std::is_same_v<Net, tiny_mlp>;
  using label = std::conditional_t<has_classes, unsigned long, float>;
  using training_rule = dlib::sgd;

 public:
  explicit dlib_model(peer_network const& network)
      : in_(network.nodes[0].out), rules_(Net::num_computational_layers, training_rule(0, momentum)) {
    // Layers have weights once they have seen a sample, and a network goes on with tensors once it has made one.
    std::vector<dlib::matrix<float>> const one{
        dlib::zeros_matrix<float>(std::max(in_.height, 1), std::max(in_.width, 1))};
    net_.to_tensor(one.begin(), one.end(), x_);
    net_.subnet().forward(x_);
    std::vector<dlib::tensor*> layers;
    dlib::visit_layer_parameters(net_, [&](dlib::tensor& of) {
      if (of.size() > 0) layers.insert(layers.begin(), &of);  // dlib counts from the output on
    });
    if (network.state.size() != 2 * layers.size())
      throw laminate::error("networks benchmark: dlib's network has other layers");
    for (std::size_t i = 0; i < layers.size(); ++i)
      copy(network.state[2 * i], network.state[2 * i + 1], std::span(layers[i]->host(), layers[i]->size()));
  }

  void take(std::span<float const> x, std::span<int const> labels) override {
    auto const samples = static_cast<long>(labels.size());
    in_.is_image() ? x_.set_size(samples, in_.channels, in_.height, in_.width) : x_.set_size(samples, in_.channels);
    std::copy(x.begin(), x.end(), x_.host());
    labels_.clear();
    for (int const l : labels) labels_.push_back(has_classes ? static_cast<label>(l) : label(1));
  }

  std::vector<float> infer() override {
    dlib::tensor const& y = net_.subnet().forward(x_);
    return {y.host(), y.host() + y.size()};
  }

  void run() override { net_.subnet().forward(x_).host(); }

  double learn() override {
    double const loss = net_.compute_parameter_gradients(x_, labels_.begin());
    net_.update_parameters(rules_, learning_rate);
    return loss;
  }

 private:
  /// Weights and bias are one tensor; a dense layer's weights are (in, out).
  static void copy(peer_tensor const& weight, peer_tensor const& bias, std::span<float> to) {
    if (to.size() != weight.values.size() + bias.values.size())
      throw laminate::error("networks benchmark: dlib's layer has not as many parameters as " + weight.name);
    bool const is_dense = weight.shape.size() == 2;
    std::size_t const outputs = bias.values.size(), inputs = weight.values.size() / outputs;
    for (std::size_t i = 0; i < weight.values.size(); ++i)
      to[is_dense ? i % inputs * outputs + i / inputs : i] = static_cast<float>(weight.values[i]);
    std::copy(bias.values.begin(), bias.values.end(), to.begin() + static_cast<long>(weight.values.size()));
  }

  laminate::shape in_;
  Net net_;
  std::vector<training_rule> rules_;
  dlib::resizable_tensor x_;
  std::vector<label> labels_;
};

}  // namespace

std::unique_ptr<peer> make_dlib(std::string_view name, peer_network const& network) {
  if (name == "LeNet-5") return std::make_unique<dlib_model<lenet>>(network);
  if (name == "MLP 784-128-10") return std::make_unique<dlib_model<mlp>>(network);
  if (name == "MLP 1-16-16-1") return std::make_unique<dlib_model<tiny_mlp>>(network);
  return nullptr;
}

std::string dlib_version() {
  return "dlib " + std::to_string(DLIB_MAJOR_VERSION) + "." + std::to_string(DLIB_MINOR_VERSION);
}

}  // namespace bench
