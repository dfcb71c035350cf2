// From an ONNX graph to parts: every operator that a word or a formula can say, and a refusal by name of all others.
#pragma once

#include <laminate/io/onnx/one_pixel.hpp>
#include <laminate/io/onnx/read_channels.hpp>
#include <laminate/io/onnx/read_layer_norm.hpp>
#include <laminate/io/onnx/read_layers.hpp>
#include <laminate/io/onnx/read_pointwise.hpp>
#include <laminate/io/onnx/read_shapes.hpp>
#include <laminate/io/onnx/read_transposed.hpp>
#include <laminate/io/onnx/read_upsample.hpp>
#include <laminate/io/onnx/read_windows.hpp>
#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace laminate {

namespace detail {

/// What does nothing at inference, or to a formula's numbers.
inline void read_same(onnx_reading& r, onnx_node_reader const& node) {
  std::int64_t const to = node.does() == "Cast" ? node.integer("to", 0) : std::int64_t{onnx::TensorProto::FLOAT};
  if (to != onnx::TensorProto::FLOAT && to != onnx::TensorProto::DOUBLE && to != onnx::TensorProto::BOOL)
    node.refuse("only casts to FLOAT, DOUBLE and BOOL are supported");
  r.result(node, onnx_value(r.seen(node, 0)));
}

inline void read_softmax(onnx_reading& r, onnx_node_reader const& node) {
  if (node.output() != r.graph().output(0).name())
    node.refuse("it is supported as the last node only, where losses take what goes into it");
  std::int64_t const axis = node.integer("axis", 1);
  r.features_of(node);
  if (axis != 1 && axis != -1) node.refuse("its axis is not that of the features");
  r.contents.remarks.push_back(std::string(node.does()) + " at the end is left out: the network gives logits");
  r.result(node, r.value(node, 0));
}

using onnx_operator_reader = void (*)(onnx_reading&, onnx_node_reader const&);

/// An operator that is no pointwise one is a line here.
// clang-format off
inline std::map<std::string_view, onnx_operator_reader> const& operator_readers() {
  static std::map<std::string_view, onnx_operator_reader> const all{
      {"Conv", read_convolution}, {"ConvTranspose", read_transposed}, {"Gemm", read_gemm}, {"MatMul", read_product},
      {"BatchNormalization", read_normalisation}, {"LayerNormalization", read_layer_norm},
      {"MaxPool", read_pool}, {"AveragePool", read_pool}, {"Pad", read_pad},
      {"GlobalAveragePool", read_global_pool}, {"GlobalMaxPool", read_global_pool},
      {"ReduceMean", read_global_pool}, {"ReduceMax", read_global_pool}, {"Resize", read_upsample},
      {"Upsample", read_upsample}, {"Flatten", read_reshape}, {"Reshape", read_reshape}, {"Squeeze", read_reshape},
      {"Unsqueeze", read_reshape}, {"Expand", read_expand}, {"Transpose", read_transpose},
      {"Concat", read_concatenation}, {"Sum", read_sum}, {"Clip", read_clip}, {"Dropout", read_same},
      {"Identity", read_same}, {"Cast", read_same}, {"Softmax", read_softmax}, {"LogSoftmax", read_softmax}};
  return all;
}
// clang-format on

inline void read_node(onnx_reading& r, onnx_node_reader const& node) {
  if (!node.is_standard()) node.refuse("its operator is of the domain " + shown(node.domain()));
  if (auto const steps = r.normalised.find(node.output()); steps != r.normalised.end())
    return read_steps(r, node, steps->second);
  if (node.does() == "Constant") node.refuse("only constants that are numbers are read");
  if (auto const found = operator_readers().find(node.does()); found != operator_readers().end())
    return found->second(r, node);
  if (!pointwise_operators().contains(node.does()))
    node.refuse("no word or formula of Laminate says what this operator does");
  read_pointwise(r, node);
}

/// Whether a node computes with its first operand only, and the others say how.
inline bool follows_first(onnx_node_reader const& node) {
  auto const does = node.does();
  return does == "Reshape" || does == "Expand" || does == "Resize" || does == "Upsample";
}

/// Which nodes the output needs. Shapes that are computed, and the steps of a normalisation, are not followed.
inline std::vector<bool> needed_nodes(onnx_reading const& r) {
  auto const& graph = r.graph();
  std::vector<bool> needed(static_cast<std::size_t>(graph.node_size()), false);
  std::vector<std::string> open{graph.output(0).name()};
  while (!open.empty()) {
    int const maker = r.maker(open.back());
    open.pop_back();
    if (maker < 0 || needed[static_cast<std::size_t>(maker)]) continue;
    needed[static_cast<std::size_t>(maker)] = true;
    auto const steps = r.normalised.find(graph.node(maker).output(0));
    auto const& node = graph.node(steps == r.normalised.end() ? maker : steps->second.difference);
    int const first = steps != r.normalised.end() || follows_first(r.node(maker)) ? 1 : node.input_size();
    for (int i = 0; i < std::min(first, node.input_size()); ++i)
      if (!r.is_constant(node.input(i))) open.push_back(node.input(i));
  }
  return needed;
}

}  // namespace detail

/// The nodes of a model in their order, which the format wants to be one in which they can be computed. Throws `error`,
/// which names file, node and reason.
inline onnx_contents read_parts(std::string const& file, onnx::ModelProto const& model) {
  auto const& graph = model.graph();
  if (graph.output_size() != 1) throw error(file, "expected one output, found " + std::to_string(graph.output_size()));
  detail::onnx_reading r(file, graph);
  detail::find_normalisations(r);
  auto const needed = detail::needed_nodes(r);
  for (int i = 0; i < graph.node_size(); ++i)
    if (needed[static_cast<std::size_t>(i)]) detail::read_node(r, r.node(i));
  r.contents.output = r.output();
  make_pixels_features(r.contents);
  for (auto const& entry : model.metadata_props())
    if (!entry.key().starts_with("laminate.")) r.contents.metadata[entry.key()] = entry.value();
  return std::move(r.contents);
}

}  // namespace laminate
