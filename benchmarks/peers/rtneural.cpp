// RTNeural's model of the tiny network, over Eigen: for real-time audio, one sample at a time.
#define RTNEURAL_DEFAULT_ALIGNMENT 32
#define RTNEURAL_USE_EIGEN 1
#include <RTNeural/RTNeural.h>

#include <laminate/support/error.hpp>

#include "peer.hpp"

namespace bench {
namespace {

using tiny_mlp = RTNeural::ModelT<float, 1, 1, RTNeural::DenseT<float, 1, 16>, RTNeural::TanhActivationT<float, 16>,
                                  RTNeural::DenseT<float, 16, 16>, RTNeural::TanhActivationT<float, 16>,
                                  RTNeural::DenseT<float, 16, 1>>;

class rtneural : public peer {
 public:
  explicit rtneural(peer_network const& network) {
    if (network.state.size() != 6) throw laminate::error("networks benchmark: RTNeural's network has three layers");
    load(model_.get<0>(), network.state[0], network.state[1]);
    load(model_.get<2>(), network.state[2], network.state[3]);
    load(model_.get<4>(), network.state[4], network.state[5]);
    model_.reset();
  }

  void take(std::span<float const> x, std::span<int const>) override { x_.assign(x.begin(), x.end()), y_ = x_; }
  std::vector<float> infer() override {
    run();
    return y_;
  }
  void run() override {
    for (std::size_t n = 0; n < x_.size(); ++n) y_[n] = model_.forward(&x_[n]);
  }
  double learn() override { throw laminate::error("networks benchmark: RTNeural does not train"); }

 private:
  template<class Layer> static void load(Layer& to, peer_tensor const& weight, peer_tensor const& bias) {
    std::size_t const outputs = bias.values.size(), inputs = weight.values.size() / outputs;
    std::vector<std::vector<float>> rows(outputs);
    for (std::size_t o = 0; o < outputs; ++o)
      for (std::size_t i = 0; i < inputs; ++i) rows[o].push_back(static_cast<float>(weight.values[o * inputs + i]));
    to.setWeights(rows);
    std::vector<float> const b(bias.values.begin(), bias.values.end());
    to.setBias(b.data());
  }

  tiny_mlp model_;
  std::vector<float> x_, y_;
};

}  // namespace

std::unique_ptr<peer> make_rtneural(std::string_view name, peer_network const& network) {
  if (name == "MLP 1-16-16-1") return std::make_unique<rtneural>(network);
  return nullptr;
}

bool has_rtneural() { return true; }

}  // namespace bench
