// A network as an ONNX graph: its own graph, walked at run time, with the numbers of a state dict.
#pragma once

#include <laminate/graph/parameters.hpp>
#include <laminate/io/onnx/graph_writer.hpp>
#include <laminate/io/onnx/network.hpp>
#include <laminate/io/onnx/write_formula.hpp>
#include <laminate/support/error.hpp>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

namespace detail {

/// Walks the nodes in the order they compute. Each leaves one value behind, which is its input's where it does nothing.
class onnx_network_writer {
 public:
  onnx_network_writer(std::string const& file, onnx_network const& network, onnx_options const& options,
                      onnx::GraphProto& graph)
      : file_(file), network_(network), options_(options), graph_(graph), to_(graph) {}

  void write() {
    node const& input = network_.nodes[0];
    to_.declare(*graph_.add_input(), "input", input.out);
    to_.declare(*graph_.add_output(), "output", network_.nodes.back().out);
    values_.resize(network_.nodes.size());
    values_[0] = options_.scaling.mean.empty() && options_.scaling.scale.empty() ? "input" : scaled(input.out);
    last_ = static_cast<int>(network_.nodes.size()) - 1;
    while (leaves_no_node(last_)) last_ = network_.nodes[static_cast<std::size_t>(last_)].inputs[0];
    for (int n = 1; n < static_cast<int>(network_.nodes.size()); ++n)
      values_[static_cast<std::size_t>(n)] = leaves_no_node(n) ? value_of(of(n).inputs[0]) : written(n);
    if (last_ == 0) to_.node("Identity", "output", {values_[0]}, "output");
  }

 private:
  node const& of(int n) const { return network_.nodes[static_cast<std::size_t>(n)]; }
  std::string const& value_of(int n) const { return values_[static_cast<std::size_t>(n)]; }
  named_tensor<float> const& tensor(std::string const& name) const { return network_.tensors.at(name); }

  /// "3.body.0"; of a Concat, whose nodes lie between its branches, its own name.
  std::string name_of(int n) const {
    std::string name = laminate::name_of(of(n).at);
    if (of(n).acts_as == role::concatenation) name.resize(name.rfind('.'));
    return name;
  }
  std::string result_of(int n) const { return n == last_ ? "output" : name_of(n); }

  int readers(int n) const {
    int count = 0;
    for (node const& v : network_.nodes) count += (v.inputs[0] == n) + (v.inputs[1] == n);
    return count;
  }
  bool leaves_no_node(int n) const {
    return of(n).acts_as == role::dropout || joins_the_next(n) ||
           (of(n).acts_as == role::normalisation && folds_into(of(n).inputs[0]));
  }

  /// Of a Concat's joins, two branches each, the last is written.
  bool joins_the_next(int n) const {
    if (of(n).acts_as != role::concatenation) return false;
    for (int i = n + 1; i < static_cast<int>(network_.nodes.size()); ++i)
      if (of(i).inputs[0] == n) return of(i).acts_as == role::concatenation && of(i).at == of(n).at;
    return false;
  }
  std::vector<std::string> branches(int n) const {
    if (!joins_the_next(of(n).inputs[0])) return {value_of(of(n).inputs[0]), value_of(of(n).inputs[1])};
    std::vector<std::string> all = branches(of(n).inputs[0]);
    all.push_back(value_of(of(n).inputs[1]));
    return all;
  }

  /// Whether the one reader of layer n is a normalisation that becomes a part of it.
  bool folds_into(int n) const {
    bool const takes_it = of(n).acts_as == role::convolution || of(n).acts_as == role::dense;
    if (!options_.fold_batch_norm || !takes_it || readers(n) != 1) return false;
    return of(reader(n)).acts_as == role::normalisation;
  }
  int reader(int n) const {
    int i = n + 1;
    while (of(i).inputs[0] != n && of(i).inputs[1] != n) ++i;
    return i;
  }

  std::string scaled(shape in) {
    auto const channels = static_cast<std::size_t>(in.channels);
    if (options_.scaling.mean.size() != channels || options_.scaling.scale.size() != channels)
      throw error(file_, "the scaling has " + std::to_string(options_.scaling.mean.size()) + " means and " +
                             std::to_string(options_.scaling.scale.size()) + " scales, and the input " +
                             std::to_string(channels) + " channels");
    std::vector<int> const sizes = in.is_image() ? std::vector{1, in.channels, 1, 1} : std::vector{1, in.channels};
    to_.node("Sub", "scaling/Sub", {"input", to_.weights("scaling.mean", sizes, options_.scaling.mean)}, "scaling/Sub");
    to_.node("Div", "scaling", {"scaling/Sub", to_.weights("scaling.scale", sizes, options_.scaling.scale)}, "scaling");
    return "scaling";
  }

  std::string written(int n) {
    node const& v = of(n);
    std::string const name = name_of(n), x = value_of(v.inputs[0]), result = result_of(n);
    switch (v.acts_as) {
      case role::convolution: window_of(weighted("Conv", n, x), v.how, true); break;
      case role::transposed_convolution: window_of(weighted("ConvTranspose", n, x), v.how, true); break;
      case role::dense: to_.attribute(weighted("Gemm", n, x), "transB", 1); break;
      case role::normalisation: normalisation(n, x); break;
      case role::layer_normalisation: layer_normalisation(n, x); break;
      case role::activation: activation(n, x); break;
      case role::sum: to_.node("Add", name, {x, value_of(v.inputs[1])}, result); break;
      case role::product:
      case role::channel_scale: {
        std::string factor = value_of(v.inputs[1]);
        if (v.out.is_image() && of(v.inputs[1]).out.is_features())
          factor = to_.inner_node("Unsqueeze", name, {factor, to_.constant(name, {2, 3})});
        to_.node("Mul", name, {x, factor}, result);
        break;
      }
      case role::upsample: upsample(n, x); break;
      case role::max_pool: window_of(to_.node("MaxPool", name, {x}, result), v.how, false); break;
      case role::average_pool: {
        onnx::NodeProto& pool = to_.node("AveragePool", name, {x}, result);
        window_of(pool, v.how, false);
        to_.attribute(pool, "count_include_pad", 1);
        break;
      }
      case role::global_average_pool:
        to_.node("GlobalAveragePool", name + "/mean", {x}, name + "/mean");
        to_.attribute(to_.node("Flatten", name, {name + "/mean"}, result), "axis", 1);
        break;
      case role::flatten: to_.attribute(to_.node("Flatten", name, {x}, result), "axis", 1); break;
      case role::concatenation: to_.attribute(to_.node("Concat", name, branches(n), result), "axis", 1); break;
      default: throw error(file_, "layer " + name + ": a layer of this role has no form in ONNX");
    }
    return result;
  }

  void window_of(onnx::NodeProto& node, window const& w, bool convolves) const {
    to_.attribute(node, "kernel_shape", {w.kernel, w.kernel});
    to_.attribute(node, "strides", {w.stride, w.stride});
    to_.attribute(node, "pads", {w.padding, w.padding, w.padding, w.padding});
    if (!convolves) return;
    to_.attribute(node, "dilations", {w.dilation, w.dilation});
    to_.attribute(node, "group", w.groups);
  }

  std::string weights(std::string const& name) { return weights(name, tensor(name).shape); }
  std::string weights(std::string const& name, std::vector<int> const& shape) {
    return to_.weights(name, shape, tensor(name).values);
  }

  /// The layer with its weights, and with its reader's normalisation where that folds.
  onnx::NodeProto& weighted(char const* does, int n, std::string const& x) {
    std::string const name = name_of(n), weight = name + ".weight", bias = name + ".bias";
    std::vector<std::string> inputs{x};
    if (folds_into(n)) {
      named_tensor<float> w = tensor(weight);
      std::vector<float> b(static_cast<std::size_t>(w.shape[0]));
      if (of(n).bias) b = tensor(bias).values;
      fold(reader(n), w.values, b);
      inputs.push_back(to_.weights(weight, w.shape, w.values));
      inputs.push_back(to_.weights(bias, {w.shape[0]}, b));
      return to_.node(does, name, inputs, result_of(n));
    }
    inputs.push_back(weights(weight));
    if (of(n).bias) inputs.push_back(weights(bias));
    return to_.node(does, name, inputs, result_of(n));
  }

  /// γ·(w·x + b − μ)/√(σ² + ε) + β as w′·x + b′.
  void fold(int normalisation, std::vector<float>& w, std::vector<float>& b) const {
    std::string const name = name_of(normalisation);
    auto const& scale = tensor(name + ".weight").values;
    auto const& shift = tensor(name + ".bias").values;
    auto const& mean = tensor(name + ".running_mean").values;
    auto const& variance = tensor(name + ".running_var").values;
    std::size_t const each = w.size() / b.size();
    for (std::size_t o = 0; o < b.size(); ++o) {
      double const factor = scale[o] / std::sqrt(variance[o] + of(normalisation).epsilon);
      b[o] = static_cast<float>((static_cast<double>(b[o]) - mean[o]) * factor + shift[o]);
      for (std::size_t i = 0; i < each; ++i) w[o * each + i] = static_cast<float>(w[o * each + i] * factor);
    }
  }

  void normalisation(int n, std::string const& x) {
    std::vector<std::string> inputs{x};
    for (char const* part : {".weight", ".bias", ".running_mean", ".running_var"})
      inputs.push_back(weights(name_of(n) + part));
    onnx::NodeProto& node = to_.node("BatchNormalization", name_of(n), inputs, result_of(n));
    to_.attribute(node, "epsilon", of(n).epsilon);
    to_.attribute(node, "momentum", 1 - of(n).momentum);  // theirs is the weight of the old value
  }

  /// Theirs is over the last axis.
  void layer_normalisation(int n, std::string const& x) {
    std::string const name = name_of(n);
    bool const moves = of(n).out.is_image();
    std::string const scale = weights(name + ".weight"), shift = weights(name + ".bias");
    std::string const last = name + "/channels_last", normal = name + "/normalised";
    if (moves) to_.attribute(to_.node("Transpose", last, {x}, last), "perm", {0, 2, 3, 1});
    onnx::NodeProto& node = to_.node("LayerNormalization", moves ? normal : name, {moves ? last : x, scale, shift},
                                     moves ? normal : result_of(n));
    to_.attribute(node, "axis", -1);
    to_.attribute(node, "epsilon", of(n).epsilon);
    if (moves) to_.attribute(to_.node("Transpose", name, {normal}, result_of(n)), "perm", {0, 3, 1, 2});
  }

  void upsample(int n, std::string const& x) {
    std::string const name = name_of(n);
    float const factor = static_cast<float>(of(n).how.stride);
    std::vector<float> const factors{1, 1, factor, factor};
    bool const mixes = of(n).how.kernel == 2;
    onnx::NodeProto& node =
        to_.node("Resize", name, {x, "", to_.weights(name + "/factors", {4}, factors)}, result_of(n));
    to_.attribute(node, "mode", mixes ? "linear" : "nearest");
    to_.attribute(node, "coordinate_transformation_mode", mixes ? "half_pixel" : "asymmetric");
    if (!mixes) to_.attribute(node, "nearest_mode", "floor");
  }

  void activation(int n, std::string const& x) {
    node const& v = of(n);
    std::string const name = name_of(n), result = result_of(n);
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

  std::string const& file_;
  onnx_network const& network_;
  onnx_options const& options_;
  onnx::GraphProto& graph_;
  onnx_graph_writer to_;
  std::vector<std::string> values_;  // of nodes
  int last_ = 0;                     // whose value is the graph's output
};

}  // namespace detail

}  // namespace laminate
