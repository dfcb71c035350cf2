// libtorch's model of a network, built node by node; the same modules that a program for it would declare.
#include <laminate/graph/parameters.hpp>
#include <map>

#include "conformance/torch_layers.hpp"
#include "peer.hpp"

namespace bench {
namespace {

namespace nn = torch::nn;
using laminate::graph_node;
using laminate::role;
using torch::Tensor;

nn::AnyModule module_of(graph_node const& v, conformance::torch_function const& function) {
  if (v.acts_as != role::activation) return conformance::module_of_layer(v);
  if (function.name == "relu") return nn::AnyModule(nn::ReLU(nn::ReLUOptions(true)));
  return conformance::module_of_activation(function, v);
}

class libtorch : public peer {
 public:
  libtorch(peer_network const& network, bool tuned, int threads)
      : nodes_(network.nodes.begin(), network.nodes.end()), tuned_(tuned) {
    at::set_num_threads(threads);
    std::map<std::string, peer_tensor const*> state;
    for (peer_tensor const& t : network.state) state[t.name] = &t;
    torch::NoGradGuard const no_gradients;
    modules_.resize(nodes_.size());
    for (std::size_t n = 1; n < nodes_.size(); ++n) {
      if (!conformance::has_module(nodes_[n].acts_as)) continue;
      modules_[n] = module_of(nodes_[n], network.functions[n]);
      std::string const name = laminate::name_of(nodes_[n].at);
      auto const copy = [&](Tensor t, std::string const& key) {
        auto const from = state.find(name + "." + key);
        if (from == state.end()) throw std::runtime_error("the network has no " + name + "." + key);
        t.copy_(torch::tensor(from->second->values, torch::kDouble).reshape(t.sizes()));
      };
      for (auto& p : modules_[n].ptr()->named_parameters(false)) copy(p.value(), p.key());
      for (auto& b : modules_[n].ptr()->named_buffers(false))
        if (b.key() != "num_batches_tracked") copy(b.value(), b.key());
      for (auto& p : modules_[n].ptr()->parameters()) {
        if (tuned_ && p.dim() == 4) p.set_data(p.to(torch::MemoryFormat::ChannelsLast));
        parameters_.push_back(p);
      }
    }
    rule_ =
        std::make_unique<torch::optim::SGD>(parameters_, torch::optim::SGDOptions(learning_rate).momentum(momentum));
  }

  void take(std::span<float const> x, std::span<int const> labels) override {
    laminate::shape const in = nodes_[0].out;
    std::vector<std::int64_t> sizes{static_cast<std::int64_t>(x.size()) / in.size(), in.channels};
    if (in.is_image()) sizes.insert(sizes.end(), {in.height, in.width});
    x_ = torch::tensor(std::vector<float>(x.begin(), x.end())).reshape(sizes);
    if (tuned_ && in.is_image()) x_ = x_.contiguous(torch::MemoryFormat::ChannelsLast);
    labels_ = torch::tensor(std::vector<std::int64_t>(labels.begin(), labels.end()));
  }

  std::vector<float> infer() override {
    torch::NoGradGuard const no_gradients;
    train(false);
    Tensor const y = outputs().contiguous();
    return {y.data_ptr<float>(), y.data_ptr<float>() + y.numel()};
  }

  double learn() override {
    train(true);
    rule_->zero_grad();
    Tensor const y = outputs().flatten(1);
    Tensor const loss =
        y.size(1) == 1 ? nn::functional::mse_loss(y, torch::ones_like(y)) : nn::functional::cross_entropy(y, labels_);
    loss.backward();
    rule_->step();
    return loss.item<double>();
  }

 private:
  void train(bool on) {
    if (on == is_training_) return;
    for (auto& m : modules_)
      if (!m.is_empty()) m.ptr()->train(on);
    is_training_ = on;
  }

  Tensor outputs() {
    return conformance::run_modules(nodes_, modules_, x_, [this](Tensor const& x, int) -> Tensor {
      if (!is_training_) return x;
      throw std::runtime_error("what torch drops is not what Laminate drops");
    });
  }

  std::vector<graph_node> nodes_;
  bool tuned_, is_training_ = true;
  std::vector<nn::AnyModule> modules_;
  std::vector<Tensor> parameters_;
  std::unique_ptr<torch::optim::SGD> rule_;
  Tensor x_, labels_;
};

}  // namespace

std::unique_ptr<peer> make_libtorch(peer_network const& network, bool tuned, int threads) {
  return std::make_unique<libtorch>(network, tuned, threads);
}

std::string libtorch_version() { return "libtorch " TORCH_VERSION; }

}  // namespace bench
