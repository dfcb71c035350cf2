// libtorch's model of a network, built node by node; the same modules that a program for it would declare.
#include <torch/torch.h>

#include <map>
#include <stdexcept>

#include "peer.hpp"

namespace bench {
namespace {

namespace nn = torch::nn;
using laminate::node;
using laminate::role;
using torch::Tensor;

nn::AnyModule module_of(node const& v, std::string_view function) {
  auto const& w = v.how;
  switch (v.acts_as) {
    case role::convolution:
      return nn::AnyModule(nn::Conv2d(nn::Conv2dOptions(v.in.channels, v.out.channels, w.kernel)
                                          .stride(w.stride)
                                          .padding(w.padding)
                                          .dilation(w.dilation)
                                          .groups(w.groups)
                                          .bias(v.bias)));
    case role::dense: return nn::AnyModule(nn::Linear(nn::LinearOptions(v.in.channels, v.out.channels).bias(v.bias)));
    case role::normalisation:
      return nn::AnyModule(nn::BatchNorm2d(nn::BatchNorm2dOptions(v.out.channels).eps(v.epsilon).momentum(v.momentum)));
    case role::max_pool:
      return nn::AnyModule(nn::MaxPool2d(nn::MaxPool2dOptions(w.kernel).stride(w.stride).padding(w.padding)));
    case role::average_pool:
      return nn::AnyModule(nn::AvgPool2d(nn::AvgPool2dOptions(w.kernel).stride(w.stride).padding(w.padding)));
    case role::global_average_pool:
      return nn::AnyModule(nn::Functional([](Tensor x) { return torch::adaptive_avg_pool2d(x, {1, 1}).flatten(1); }));
    case role::flatten: return nn::AnyModule(nn::Flatten());
    case role::activation:
      if (function == "relu") return nn::AnyModule(nn::ReLU(nn::ReLUOptions(true)));
      if (function == "relu6") return nn::AnyModule(nn::ReLU6(nn::ReLU6Options(true)));
      if (function == "tanh") return nn::AnyModule(nn::Tanh());
      throw std::runtime_error("this benchmark does not know torch's " + std::string(function));
    default: throw std::runtime_error("this benchmark has no module for a node of the network");
  }
}

std::string name_of(laminate::path const& at) {
  std::string name;
  for (int i = 0; i < at.depth; ++i) {
    int const step = at.steps[i];
    name += i ? "." : "";
    name += step == laminate::path::body       ? "body"
            : step == laminate::path::shortcut ? "shortcut"
            : step == laminate::path::branches ? "branches"
                                               : std::to_string(step);
  }
  return name;
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
      role const r = nodes_[n].acts_as;
      if (r == role::sum || r == role::concatenation) continue;
      modules_[n] = module_of(nodes_[n], network.functions[n]);
      std::string const name = name_of(nodes_[n].at);
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
    Tensor const y = run().contiguous();
    return {y.data_ptr<float>(), y.data_ptr<float>() + y.numel()};
  }

  double learn() override {
    train(true);
    rule_->zero_grad();
    Tensor const loss = nn::functional::cross_entropy(run().flatten(1), labels_);
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

  Tensor run() {
    std::vector<Tensor> values{x_};
    for (std::size_t n = 1; n < nodes_.size(); ++n) {
      auto const [first, second] = nodes_[n].inputs;
      switch (nodes_[n].acts_as) {
        case role::sum: values.push_back(values[first] + values[second]); break;
        case role::concatenation: values.push_back(torch::cat({values[first], values[second]}, 1)); break;
        default: values.push_back(modules_[n].forward(values[first]));
      }
    }
    return values.back();
  }

  std::vector<node> nodes_;
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
