// One layer of a network as nodes of an ONNX graph, with its numbers.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/io/onnx/graph_writer.hpp>
#include <laminate/io/onnx/network.hpp>
#include <laminate/io/onnx/write_formula.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace laminate::detail {

/// A layer where it stands: the value it reads, and the one it leaves behind.
struct onnx_place {
  graph_node const& layer;
  std::string name, x, result;
};

/// Writes layers of one input that have numbers, or are more than one node.
class onnx_layer_writer {
 public:
  onnx_layer_writer(std::string const& file, onnx_network const& network, onnx_graph_writer& to)
      : file_(file), network_(network), to_(to) {}

  /// The layer with its weights, and with the normalisation that becomes a part of them, if one does.
  onnx::NodeProto& weighted(char const* does, onnx_place const& at, graph_node const* folded) {
    std::string const weight = at.name + ".weight", bias = at.name + ".bias";
    std::vector<std::string> inputs{at.x};
    if (folded) {
      named_tensor<float> w = tensor(weight);
      std::vector<float> b(static_cast<std::size_t>(w.shape[0]));
      if (at.layer.bias) b = tensor(bias).values;
      fold(*folded, w.values, b);
      inputs.push_back(to_.weights(weight, w.shape, w.values));
      inputs.push_back(to_.weights(bias, {w.shape[0]}, b));
    } else {
      inputs.push_back(weights(weight));
      if (at.layer.bias) inputs.push_back(weights(bias));
    }
    return to_.node(does, at.name, inputs, at.result);
  }

  void window_of(onnx::NodeProto& node, window const& w, bool convolves) const {
    to_.attribute(node, "kernel_shape", {w.kernel, w.kernel});
    to_.attribute(node, "strides", {w.stride, w.stride});
    to_.attribute(node, "pads", {w.padding, w.padding, w.padding, w.padding});
    if (!convolves) return;
    to_.attribute(node, "dilations", {w.dilation, w.dilation});
    to_.attribute(node, "group", w.groups);
  }

  void normalisation(onnx_place const& at) {
    std::vector<std::string> inputs{at.x};
    for (char const* part : {".weight", ".bias", ".running_mean", ".running_var"})
      inputs.push_back(weights(at.name + part));
    onnx::NodeProto& node = to_.node("BatchNormalization", at.name, inputs, at.result);
    to_.attribute(node, "epsilon", at.layer.epsilon);
    to_.attribute(node, "momentum", 1 - at.layer.momentum);  // theirs is the weight of the old value
  }

  /// Theirs is over the last axis.
  void layer_normalisation(onnx_place const& at) {
    std::string const& name = at.name;
    bool const moves = at.layer.out.is_image();
    std::string const scale = weights(name + ".weight"), shift = weights(name + ".bias");
    std::string const last = name + "/channels_last", normal = name + "/normalised";
    if (moves) to_.attribute(to_.node("Transpose", last, {at.x}, last), "perm", {0, 2, 3, 1});
    onnx::NodeProto& node = to_.node("LayerNormalization", moves ? normal : name, {moves ? last : at.x, scale, shift},
                                     moves ? normal : at.result);
    to_.attribute(node, "axis", -1);
    to_.attribute(node, "epsilon", at.layer.epsilon);
    if (moves) to_.attribute(to_.node("Transpose", name, {normal}, at.result), "perm", {0, 3, 1, 2});
  }

  void upsample(onnx_place const& at) {
    float const factor = static_cast<float>(at.layer.how.stride);
    std::vector<float> const factors{1, 1, factor, factor};
    bool const mixes = at.layer.how.kernel == 2;
    onnx::NodeProto& node =
        to_.node("Resize", at.name, {at.x, "", to_.weights(at.name + "/factors", {4}, factors)}, at.result);
    to_.attribute(node, "mode", mixes ? "linear" : "nearest");
    to_.attribute(node, "coordinate_transformation_mode", mixes ? "half_pixel" : "asymmetric");
    if (!mixes) to_.attribute(node, "nearest_mode", "floor");
  }

  void activation(onnx_place const& at) {
    auto const& [v, name, x, result] = at;
    onnx_activation const& f = network_.activations[static_cast<std::size_t>(v.leaf)];
    std::string a;
    if (v.activation.learned) {  // in a shape that fits the channels of (N, C, H, W)
      bool const spreads = v.activation.per_channel && v.out.is_image();
      a = weights(name + ".weight", spreads ? std::vector{v.out.channels, 1, 1} : tensor(name + ".weight").shape);
    }
    if (f.is.name.empty()) return write_formula(file_, to_, name, f.written, x, a, result);
    if (f.is.times_input) {
      to_.node("Mul", name, {x, to_.inner_node(f.is.name, name, {x})}, result);
      return;
    }
    std::vector<std::string> inputs{x};
    if (v.activation.learned) inputs.push_back(a);
    if (f.is.name == "Clip") inputs.insert(inputs.end(), {to_.constant(name, 0), to_.constant(name, 6)});
    onnx::NodeProto& node = to_.node(f.is.name, name, inputs, result);
    if (f.is.has_alpha) to_.attribute(node, "alpha", f.is.alpha);
  }

 private:
  named_tensor<float> const& tensor(std::string const& name) const { return network_.tensors.at(name); }
  std::string weights(std::string const& name) { return weights(name, tensor(name).shape); }
  std::string weights(std::string const& name, std::vector<int> const& shape) {
    return to_.weights(name, shape, tensor(name).values);
  }

  /// γ·(w·x + b − μ)/√(σ² + ε) + β as w′·x + b′.
  void fold(graph_node const& normalisation, std::vector<float>& w, std::vector<float>& b) const {
    std::string const name = laminate::name_of(normalisation.at);
    auto const& scale = tensor(name + ".weight").values;
    auto const& shift = tensor(name + ".bias").values;
    auto const& mean = tensor(name + ".running_mean").values;
    auto const& variance = tensor(name + ".running_var").values;
    std::size_t const each = w.size() / b.size();
    for (std::size_t o = 0; o < b.size(); ++o) {
      double const factor = scale[o] / std::sqrt(variance[o] + normalisation.epsilon);
      b[o] = static_cast<float>((static_cast<double>(b[o]) - mean[o]) * factor + shift[o]);
      for (std::size_t i = 0; i < each; ++i) w[o * each + i] = static_cast<float>(w[o * each + i] * factor);
    }
  }

  std::string const& file_;
  onnx_network const& network_;
  onnx_graph_writer& to_;
};

}  // namespace laminate::detail
