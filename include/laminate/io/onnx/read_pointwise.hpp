// Pointwise operators as formulas of their operands, sums of results, and factors for each channel.
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

/// An operand that depends on the network's input. What an Expand has made of one pixel is a factor.
inline onnx_value const& operand_value(onnx_reading const& r, onnx_node_reader const& node, int i) {
  onnx_value const& found = r.seen(node, i);
  return node.does() == "Mul" && found.is_expanded() ? found : r.turned(node, i);
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
    int const from = operand_value(r, node, i).part;
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

/// Whether a constant is one number, or one for each channel in a shape that broadcasts to those of a value.
inline void check_broadcast(onnx_node_reader const& node, named_tensor<float> const& constant, shape out,
                            onnx_value const& like) {
  auto const& sizes = constant.shape;
  std::size_t const rank = out.is_image() ? 4 : 2;
  std::size_t behind = 0;  // axes after the channels'
  while (like.axis(static_cast<int>(rank - 1 - behind)) != 1) ++behind;
  bool const fits = constant.values.size() == static_cast<std::size_t>(out.channels) && sizes.size() > behind &&
                    sizes.size() <= rank && sizes[sizes.size() - 1 - behind] == out.channels;
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

/// The order that all operands share.
inline onnx_value order_of_operands(onnx_reading const& r, onnx_node_reader const& node) {
  onnx_value const* first = nullptr;
  for (int i = 0; i < node.inputs(); ++i) {
    if (!node.has_input(i) || is_given(r, node, i)) continue;
    onnx_value const& next = operand_value(r, node, i);
    if (first && next.order != first->order) node.refuse("its operands are transposed in different ways");
    if (!first || next.is_expanded()) first = &next;
  }
  return *first;
}

/// An image times one pixel: a number for each channel.
inline bool scales_channels(onnx_reading const& r, onnx_part& made, onnx_value const& like) {
  if (made.inputs.size() != 2 || !is_product(made.value)) return false;
  if (r.part(made.inputs[0]).out.pixels() == 1) std::swap(made.inputs[0], made.inputs[1]);
  shape const of = r.part(made.inputs[0]).out;
  if (of.is_features() || r.part(made.inputs[1]).out != shape{of.channels, 1, 1}) return false;
  if (like.is_expanded() && like.expanded != of) return false;
  made.is = onnx_part::product;
  made.value = {};
  made.out = of;
  return true;
}

inline void finish_pointwise(onnx_reading& r, onnx_node_reader const& node, onnx_part made, int value) {
  made.value = made.value.ending_at(value);
  if (made.inputs.empty()) {
    r.derived[node.output()] = {std::move(made.value), std::move(made.parameter)};
    return;
  }
  onnx_value const like = order_of_operands(r, node);
  made.out = r.part(made.inputs[0]).out;
  bool differ = like.is_expanded();
  for (int const i : made.inputs) differ = differ || r.part(i).out != made.out;
  if (differ) {
    if (!scales_channels(r, made, like))
      node.refuse("its operands are results of different shapes, and not an image with a factor for each channel");
    return r.result(node, std::move(made), like);
  }
  if (made.parameter) check_broadcast(node, *made.parameter, made.out, like);
  if (made.inputs.size() == 1) name_activation(node, made);
  r.result(node, std::move(made), like);
}

inline int sum_of(onnx_reading& r, onnx_node_reader const& node, int a, int b) {
  if (r.part(a).out != r.part(b).out) node.refuse("it adds results of different shapes");
  onnx_part made{.is = onnx_part::sum, .at = node.at(), .inputs = {a, b}, .out = r.part(a).out};
  made.value.apply("Add", {made.value.argument(0), made.value.argument(1)});
  return r.add(std::move(made));
}
inline void read_sum(onnx_reading& r, onnx_node_reader const& node) {
  onnx_value const first = r.turned(node, 0);
  int total = first.part;
  for (int i = 1; i < node.inputs(); ++i) {
    onnx_value const& next = r.turned(node, i);
    if (next.order != first.order) node.refuse("its operands are transposed in different ways");
    total = sum_of(r, node, total, next.part);
  }
  r.result(node, onnx_value{.part = total, .order = first.order});
}

inline void take_scale_or_shift(onnx_part& normalisation, std::vector<float> const& values, bool shifts) {
  auto& numbers = normalisation.tensors[shifts ? 1 : 0].values;
  for (std::size_t c = 0; c < numbers.size(); ++c) {
    float const value = values[values.size() == 1 ? 0 : c];
    numbers[c] = shifts ? numbers[c] + value : numbers[c] * value;
  }
  normalisation.takes_scale = false;
  normalisation.takes_shift = !shifts;
}

/// A constant is a part of the layer it is added to or multiplied by, where that takes it and nothing else reads it: a
/// bias, or the scale or shift of a normalisation that is written in steps.
inline bool becomes_a_part(onnx_reading& r, onnx_node_reader const& node) {
  bool const adds = node.does() == "Add";
  int const constant = r.is_constant(node.input(0)) ? 0 : 1;
  if (!r.is_constant(node.input(constant)) || is_given(r, node, 1 - constant)) return false;
  onnx_value const from = operand_value(r, node, 1 - constant);
  onnx_part& layer = r.part(from.part);
  if (!(adds ? layer.takes_shift : layer.takes_scale) || r.reads_of(from.part) != 1) return false;
  named_tensor<float> given;
  given.values = r.numbers(node, constant, &given.shape);
  check_broadcast(node, given, layer.out, from);
  if (layer.word.starts_with("LayerNorm"))
    take_scale_or_shift(layer, given.values, adds);
  else
    take_bias(node, layer, std::move(given.values));
  r.result(node, from);
  return true;
}

inline void read_pointwise(onnx_reading& r, onnx_node_reader const& node) {
  known_operator const& known = pointwise_operators().at(node.does());
  int const count = known.operands < 0 ? node.inputs() : known.operands;
  if (node.inputs() != count || count == 0) node.refuse("it has not the operands that ONNX says");
  if (node.does() == "Add" && !is_given(r, node, 0) && !is_given(r, node, 1)) return read_sum(r, node);
  if ((node.does() == "Add" || node.does() == "Mul") && becomes_a_part(r, node)) return;
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
