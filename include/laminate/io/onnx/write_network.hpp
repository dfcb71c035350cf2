// A network as an ONNX graph: its own graph, walked at run time.
#pragma once

#include <laminate/graph/parameters.hpp>
#include <laminate/io/onnx/graph_writer.hpp>
#include <laminate/io/onnx/network.hpp>
#include <laminate/io/onnx/write_layer.hpp>
#include <laminate/support/error.hpp>

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
      : file_(file), network_(network), options_(options), graph_(graph), to_(graph), layers_(file, network, to_) {}

  void write() {
    graph_node const& input = network_.nodes[0];
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
  graph_node const& of(int n) const { return network_.nodes[static_cast<std::size_t>(n)]; }
  std::string const& value_of(int n) const { return values_[static_cast<std::size_t>(n)]; }

  /// "3.body.0"; of a Concat, whose nodes lie between its branches, its own name.
  std::string name_of(int n) const {
    std::string name = laminate::name_of(of(n).at);
    if (of(n).acts_as == role::concatenation) name.resize(name.rfind('.'));
    return name;
  }
  std::string result_of(int n) const { return n == last_ ? "output" : name_of(n); }

  int readers(int n) const {
    int count = 0;
    for (graph_node const& v : network_.nodes) count += (v.inputs[0] == n) + (v.inputs[1] == n);
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
    onnx_place const at{of(n), name_of(n), value_of(of(n).inputs[0]), result_of(n)};
    auto const& [v, name, x, result] = at;
    graph_node const* const folded = folds_into(n) ? &of(reader(n)) : nullptr;
    switch (v.acts_as) {
      case role::convolution: layers_.window_of(layers_.weighted("Conv", at, folded), v.how, true); break;
      case role::transposed_convolution:
        layers_.window_of(layers_.weighted("ConvTranspose", at, folded), v.how, true);
        break;
      case role::dense: to_.attribute(layers_.weighted("Gemm", at, folded), "transB", 1); break;
      case role::normalisation: layers_.normalisation(at); break;
      case role::layer_normalisation: layers_.layer_normalisation(at); break;
      case role::activation: layers_.activation(at); break;
      case role::sum: to_.node("Add", name, {x, value_of(v.inputs[1])}, result); break;
      case role::product:
      case role::channel_scale: {
        std::string factor = value_of(v.inputs[1]);
        if (v.out.is_image() && of(v.inputs[1]).out.is_features())
          factor = to_.inner_node("Unsqueeze", name, {factor, to_.constant(name, {2, 3})});
        to_.node("Mul", name, {x, factor}, result);
        break;
      }
      case role::upsample: layers_.upsample(at); break;
      case role::max_pool: layers_.window_of(to_.node("MaxPool", name, {x}, result), v.how, false); break;
      case role::average_pool: {
        onnx::NodeProto& pool = to_.node("AveragePool", name, {x}, result);
        layers_.window_of(pool, v.how, false);
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

  std::string const& file_;
  onnx_network const& network_;
  onnx_options const& options_;
  onnx::GraphProto& graph_;
  onnx_graph_writer to_;
  onnx_layer_writer layers_;
  std::vector<std::string> values_;  // of nodes
  int last_ = 0;                     // whose value is the graph's output
};

}  // namespace detail

}  // namespace laminate
