// A layer or activation as a module of libtorch, and a graph of modules run: for whatever builds a network there by
// walking its graph.
#pragma once

#include "torch_names.hpp"

#include <laminate/graph/node.hpp>

#include <torch/torch.h>

#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

namespace nn = torch::nn;
using laminate::graph_node;
using laminate::role;
using torch::Tensor;

// torchvision's LayerNorm2d: the channels are the last axis while they are normalised.
struct layer_norm_2d_module : nn::LayerNormImpl {
  using nn::LayerNormImpl::LayerNormImpl;
  Tensor forward(Tensor const& x) { return nn::LayerNormImpl::forward(x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2}); }
};
TORCH_MODULE_IMPL(layer_norm_2d, layer_norm_2d_module);

// A factor for each channel.
struct layer_scale_module : nn::Module {
  Tensor weight;
  explicit layer_scale_module(std::int64_t channels) { weight = register_parameter("weight", torch::ones({channels})); }
  Tensor forward(Tensor const& x) { return x.dim() > 2 ? x * weight.reshape({-1, 1, 1}) : x * weight; }
};
TORCH_MODULE_IMPL(layer_scale, layer_scale_module);

/// The module of an activation of the library's.
inline nn::AnyModule module_of_activation(torch_function const& f, graph_node const& v) {
  auto const plain = [](auto function) { return nn::AnyModule(nn::Functional(function)); };
  std::map<std::string_view, std::function<nn::AnyModule()>> const known{
      {"identity", [] { return nn::AnyModule(nn::Identity()); }},
      {"sigmoid", [] { return nn::AnyModule(nn::Sigmoid()); }},
      {"tanh", [] { return nn::AnyModule(nn::Tanh()); }},
      {"atan", [&] { return plain([](Tensor x) { return torch::atan(x); }); }},
      {"relu", [] { return nn::AnyModule(nn::ReLU()); }},
      {"relu6", [] { return nn::AnyModule(nn::ReLU6()); }},
      {"prelu",
       [&] {
         return nn::AnyModule(
             nn::PReLU(nn::PReLUOptions().num_parameters(v.activation.per_channel ? v.out.channels : 1)));
       }},
      {"layer_scale", [&] { return nn::AnyModule(layer_scale(v.out.channels)); }},
      {"elu", [&] { return nn::AnyModule(nn::ELU(nn::ELUOptions().alpha(f.number))); }},
      {"softplus", [] { return nn::AnyModule(nn::Softplus()); }},
      {"leaky_relu", [&] { return nn::AnyModule(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(f.number))); }},
      {"gelu", [] { return nn::AnyModule(nn::GELU()); }},
      {"gelu of tanh", [] { return nn::AnyModule(nn::GELU(nn::GELUOptions().approximate("tanh"))); }},
      {"silu", [] { return nn::AnyModule(nn::SiLU()); }},
      {"mish", [] { return nn::AnyModule(nn::Mish()); }},
      // Autograd wants a way from x to y even where the gradient is zero.
      {"step", [&] { return plain([](Tensor x) { return (x >= 0).to(x.dtype()) + 0 * x; }); }},
      {"zeros", [&] { return plain([](Tensor x) { return 0 * x; }); }}};
  auto const found = known.find(f.name);
  if (found == known.end()) throw std::runtime_error("torch has no function \"" + std::string(f.name) + "\"");
  return found->second();
}

/// The module of a layer that is no activation.
inline nn::AnyModule module_of_layer(graph_node const& v) {
  auto const& w = v.how;
  switch (v.acts_as) {
    case role::convolution:
      return nn::AnyModule(nn::Conv2d(nn::Conv2dOptions(v.in.channels, v.out.channels, w.kernel)
                                          .stride(w.stride)
                                          .padding(w.padding)
                                          .dilation(w.dilation)
                                          .groups(w.groups)
                                          .bias(v.bias)));
    case role::transposed_convolution:
      return nn::AnyModule(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(v.in.channels, v.out.channels, w.kernel)
                                                   .stride(w.stride)
                                                   .padding(w.padding)
                                                   .dilation(w.dilation)
                                                   .groups(w.groups)
                                                   .bias(v.bias)));
    case role::layer_normalisation: {
      auto const options = nn::LayerNormOptions({v.out.channels}).eps(v.epsilon);
      return v.out.is_features() ? nn::AnyModule(nn::LayerNorm(options)) : nn::AnyModule(layer_norm_2d(options));
    }
    case role::upsample: {
      auto options = nn::UpsampleOptions().scale_factor(std::vector<double>(2, w.stride));
      if (w.kernel > 1) options.mode(torch::kBilinear).align_corners(false);
      return nn::AnyModule(nn::Upsample(options));
    }
    case role::dense: return nn::AnyModule(nn::Linear(nn::LinearOptions(v.in.channels, v.out.channels).bias(v.bias)));
    case role::normalisation:
      if (v.out.is_features())
        return nn::AnyModule(
            nn::BatchNorm1d(nn::BatchNorm1dOptions(v.out.channels).eps(v.epsilon).momentum(v.momentum)));
      return nn::AnyModule(nn::BatchNorm2d(nn::BatchNorm2dOptions(v.out.channels).eps(v.epsilon).momentum(v.momentum)));
    case role::max_pool:
      return nn::AnyModule(nn::MaxPool2d(nn::MaxPool2dOptions(w.kernel).stride(w.stride).padding(w.padding)));
    case role::average_pool:
      return nn::AnyModule(nn::AvgPool2d(nn::AvgPool2dOptions(w.kernel).stride(w.stride).padding(w.padding)));
    case role::global_average_pool:
      return nn::AnyModule(nn::Functional([](Tensor x) { return torch::adaptive_avg_pool2d(x, {1, 1}).flatten(1); }));
    case role::flatten: return nn::AnyModule(nn::Flatten());
    default: throw std::runtime_error("this role has no module");
  }
}

/// Whether a node is a module; what is none is an operation of the forward function.
inline bool has_module(role r) {
  using enum role;
  return r != input && r != sum && r != product && r != channel_scale && r != concatenation && r != role::dropout;
}

/// The forward function: the result of the last node. drop(x, n) is what node n, a dropout, makes of x.
template<class Drop>
Tensor run_modules(std::span<graph_node const> nodes, std::vector<nn::AnyModule>& modules, Tensor const& in,
                   Drop&& drop) {
  std::vector<Tensor> values{in};
  for (int n = 1; n < static_cast<int>(nodes.size()); ++n) {
    auto const [first, second] = nodes[n].inputs;
    switch (nodes[n].acts_as) {
      case role::sum: values.push_back(values[first] + values[second]); break;
      case role::product: values.push_back(values[first] * values[second]); break;
      case role::channel_scale:
        values.push_back(values[first] * values[second].reshape({in.size(0), nodes[n].in.channels, 1, 1}));
        break;
      case role::concatenation: values.push_back(torch::cat({values[first], values[second]}, 1)); break;
      case role::dropout: values.push_back(drop(values[first], n)); break;
      default: values.push_back(modules[n].forward(values[first]));
    }
  }
  return values.back();
}

}  // namespace conformance
