// Pointwise operators as formulas of their operands, and sums of two results.
#pragma once

#include <laminate/io/onnx/pointwise_operators.hpp>
#include <laminate/io/onnx/read_windows.hpp>
#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

inline void take_parameter(onnx_node_reader const& node, onnx_part& made,
                           std::shared_ptr<named_tensor<float> const> parameter) {
  if (made.parameter && parameter && made.parameter->name != parameter->name)
    node.refuse("it has two operands with a number for each channel");
  if (parameter) made.parameter = std::move(parameter);
}

/// Whether operand i does not depend on the network's input.
inline bool is_given(onnx_reading const& r, onnx_node_reader const& node, int i) {
  return r.is_constant(node.input(i)) || r.derived.contains(node.input(i));
}

/// Operand i of a node as a step of its part's formula: a number, the learned parameter, or an argument.
inline int operand(onnx_reading const& r, onnx_node_reader const& node, onnx_part& made, int i) {
  std::string const& name = node.input(i);
  if (auto const known = r.derived.find(name); known != r.derived.end()) {
    take_parameter(node, made, known->second.parameter);
    return made.value.append(known->second.value, {});
  }
  if (!r.is_constant(name)) {
    int const from = r.value(node, i);
    auto const known = std::ranges::find(made.inputs, from);
    int const which = static_cast<int>(known - made.inputs.begin());
    if (known == made.inputs.end()) made.inputs.push_back(from);
    return made.value.argument(which);
  }
  std::vector<int> sizes;
  std::vector<float> values = r.numbers(node, i, &sizes);
  // A learned number has a module's name in PyTorch and here; other single numbers stay what they are.
  bool const learned = !sizes.empty() && (name.ends_with(".weight") || node.does() == "PRelu");
  if (values.size() == 1 && !learned) return made.value.number(values[0]);
  take_parameter(node, made, std::make_shared<named_tensor<float>>(name, std::move(sizes), std::move(values)));
  return made.value.parameter();
}

/// Whether a constant is one number, or one for each channel in a shape that broadcasts to the channels.
inline void check_broadcast(onnx_node_reader const& node, named_tensor<float> const& constant, shape out) {
  auto const& sizes = constant.shape;
  std::size_t const pixels = out.is_image() ? 2 : 0;  // dimensions after the channels'
  bool const fits = constant.values.size() == static_cast<std::size_t>(out.channels) && sizes.size() > pixels &&
                    sizes.size() <= pixels + 2 && sizes[sizes.size() - 1 - pixels] == out.channels;
  if (constant.values.size() != 1 && !fits)
    node.refuse("its constant of shape " + text_of(sizes) + " is neither one number nor one for each channel");
}

/// The word of an operator that has a number or a parameter of its own; others are known by their formulas.
inline void name_activation(onnx_node_reader const& node, onnx_part& made) {
  if (node.does() == "PRelu" && made.parameter) {
    int const count = static_cast<int>(made.parameter->values.size());
    made.word = count == 1 ? "PReLU" : "PReLUPerChannel";
    made.tensors.push_back({"weight", {count}, made.parameter->values});
    return;
  }
  made.word = word_of(made.value);
  if (!made.word.empty() || (node.does() != "Elu" && node.does() != "LeakyRelu")) return;
  bool const is_elu = node.does() == "Elu";
  double const alpha = node.number("alpha", is_elu ? 1 : 0.01);
  if (!std::isfinite(alpha) || (!is_elu && alpha <= 0)) return;
  made.word = is_elu ? "ELUWith" : "LeakyReLUWith";
  made.arguments = {text_of_number(alpha)};
}

inline void finish_pointwise(onnx_reading& r, onnx_node_reader const& node, onnx_part made, int value) {
  made.value = made.value.ending_at(value);
  if (made.inputs.empty()) {
    r.derived[node.output()] = {std::move(made.value), std::move(made.parameter)};
    return;
  }
  made.out = r.part(made.inputs[0]).out;
  for (int const i : made.inputs)
    if (r.part(i).out != made.out) node.refuse("its operands are results of different shapes");
  if (made.parameter) check_broadcast(node, *made.parameter, made.out);
  if (made.inputs.size() == 1) name_activation(node, made);
  r.result(node, std::move(made));
}

inline int sum_of(onnx_reading& r, onnx_node_reader const& node, int a, int b) {
  if (r.part(a).out != r.part(b).out) node.refuse("it adds results of different shapes");
  onnx_part made{.is = onnx_part::sum, .at = node.at(), .inputs = {a, b}, .out = r.part(a).out};
  made.value.apply("Add", {made.value.argument(0), made.value.argument(1)});
  return r.add(std::move(made));
}
inline void read_sum(onnx_reading& r, onnx_node_reader const& node) {
  int total = r.value(node, 0);
  for (int i = 1; i < node.inputs(); ++i) total = sum_of(r, node, total, r.value(node, i));
  r.result(node, total);
}

/// A constant added to a layer that has no bias yet, and whose result nothing else reads, is one.
inline bool becomes_bias(onnx_reading& r, onnx_node_reader const& node) {
  int const constant = r.is_constant(node.input(0)) ? 0 : 1;
  if (!r.is_constant(node.input(constant)) || is_given(r, node, 1 - constant)) return false;
  int const from = r.value(node, 1 - constant);
  onnx_part& layer = r.part(from);
  if ((layer.word != "Dense" && layer.word != "Conv") || layer.has_bias) return false;
  std::ptrdiff_t readers = 0;
  for (auto const& other : r.graph().node()) readers += std::ranges::count(other.input(), node.input(1 - constant));
  if (readers != 1) return false;
  named_tensor<float> bias;
  bias.values = r.numbers(node, constant, &bias.shape);
  check_broadcast(node, bias, layer.out);
  take_bias(node, layer, std::move(bias.values));
  r.result(node, from);
  return true;
}

inline void read_pointwise(onnx_reading& r, onnx_node_reader const& node) {
  known_operator const& known = pointwise_operators().at(node.does());
  int const count = known.operands < 0 ? node.inputs() : known.operands;
  if (node.inputs() != count || count == 0) node.refuse("it has not the operands that ONNX says");
  if (node.does() == "Add") {
    if (!is_given(r, node, 0) && !is_given(r, node, 1)) return read_sum(r, node);
    if (becomes_bias(r, node)) return;
  }
  onnx_part made{.is = onnx_part::pointwise, .at = node.at()};
  std::vector<int> of;
  for (int i = 0; i < count; ++i) of.push_back(operand(r, node, made, i));
  int const value = known.value({node, made.value, of});
  if (value < 0) node.refuse("only powers of 0.5 and of whole numbers up to 8 are supported");
  finish_pointwise(r, node, std::move(made), value);
}

/// Its limits are numbers; what is no limit to a float is none.
inline void read_clip(onnx_reading& r, onnx_node_reader const& node) {
  onnx_part made{.is = onnx_part::pointwise, .at = node.at()};
  int value = operand(r, node, made, 0);
  for (int const i : {1, 2}) {
    double limit = node.number(i == 1 ? "min" : "max", i == 1 ? -HUGE_VAL : HUGE_VAL);
    if (node.has_input(i)) {
      auto const given = r.numbers(node, i);
      if (given.size() != 1) node.refuse("its limits are not numbers");
      limit = given[0];
    }
    if (!(std::abs(limit) < std::numeric_limits<float>::max())) continue;
    int const bound = made.value.number(limit);
    value = i == 1 ? made.value.apply("WhereLess", {value, bound, bound, value})
                   : made.value.apply("WhereLess", {bound, value, bound, value});
  }
  finish_pointwise(r, node, std::move(made), value);
}

}  // namespace laminate::detail
