// LayerNormalization of ONNX, and the steps as which exporters before opset 17 write it, as our word.
#pragma once

#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate::detail {

/// Over the channels. There is no variance kept to which what ε has over a power of ten could be added.
inline onnx_part layer_norm(onnx_reading const& r, onnx_node_reader const& node, onnx_value const& from,
                            double epsilon) {
  int const exponent = epsilon > 0 && epsilon < 10 ? static_cast<int>(std::lround(-std::log10(epsilon))) : -1;
  if (exponent < 0 || exponent > 30 || std::abs(epsilon * std::pow(10.0, exponent) - 1) > 1e-4)
    node.refuse("its epsilon is none of the powers of ten from 1e-30 to 1");
  shape const out = r.part(from.part).out;
  onnx_part made{.is = onnx_part::layer, .at = node.at(), .inputs = {from.part}, .out = out, .word = "LayerNorm"};
  if (exponent != 5) made.word = "LayerNormWith", made.arguments = {std::to_string(exponent)};
  auto const channels = static_cast<std::size_t>(out.channels);
  made.tensors.push_back({"weight", {out.channels}, std::vector<float>(channels, 1)});
  made.tensors.push_back({"bias", {out.channels}, std::vector<float>(channels)});
  return made;
}

/// Whether the axes from `first` on are the channels, and nothing else that has a size.
inline void check_axis(onnx_reading const& r, onnx_node_reader const& node, onnx_value const& from, std::int64_t first,
                       bool alone) {
  shape const in = r.part(from.part).out;
  int const rank = in.is_image() ? 4 : 2;
  int const sizes[]{2, in.channels, in.height, in.width};  // any batch is more than one
  if (first < 0) first += rank;
  bool has_channels = false, fits = first >= 0 && first < rank;
  for (int axis = static_cast<int>(first); fits && axis < (alone ? first + 1 : rank); ++axis) {
    int const ours = from.axis(axis);
    has_channels = has_channels || ours == 1;
    fits = ours == 1 || sizes[ours] == 1;
  }
  if (!fits || !has_channels)
    node.refuse(
        "it normalises over something else than the channels: of an image they have to be last, and its axis -1");
}

inline void read_layer_norm(onnx_reading& r, onnx_node_reader const& node) {
  onnx_value const from = r.turned(node, 0);
  check_axis(r, node, from, node.integer("axis", -1), false);
  onnx_part made = layer_norm(r, node, from, node.number("epsilon", 1e-5));
  for (int const i : {1, 2}) {
    if (i == 2 && !node.has_input(i)) continue;
    auto& numbers = made.tensors[static_cast<std::size_t>(i - 1)].values;
    std::vector<float> values = r.numbers(node, i);
    if (values.size() != numbers.size())
      node.refuse("its input " + std::to_string(i) + " has " + std::to_string(values.size()) + " numbers for " +
                  std::to_string(numbers.size()) + " channels");
    numbers = std::move(values);
  }
  r.result(node, std::move(made), from);
}

/// The last step, the division; scale and shift may follow.
inline void read_steps(onnx_reading& r, onnx_node_reader const& node, normalisation_steps const& steps) {
  onnx_value const from = r.turned(r.node(steps.difference), 0);
  check_axis(r, node, from, steps.axis, true);
  onnx_part made = layer_norm(r, node, from, steps.epsilon);
  made.takes_scale = made.takes_shift = true;
  r.result(node, std::move(made), from);
}

/// Finds the steps by what the operands of each come from.
class onnx_steps_finder {
 public:
  explicit onnx_steps_finder(onnx_reading const& r) : r_(r) {}

  /// Whether node i is a division that ends them.
  bool find(int i, normalisation_steps& steps) const {
    int const root = maker(i, 1, "Sqrt"), sum = maker(root, 0, "Add");
    if (does(i) != "Div" || sum < 0 || !subtracts_mean(maker(i, 0, "Sub"), steps)) return false;
    for (int const constant : {0, 1}) {
      onnx_node_reader const add = r_.node(sum);
      if (!r_.is_constant(add.input(constant))) continue;
      auto const epsilon = r_.numbers(add, constant);
      if (epsilon.size() != 1 || !is_variance(maker(sum, 1 - constant, "ReduceMean"), steps)) return false;
      steps.epsilon = epsilon[0];
      return true;
    }
    return false;
  }

 private:
  std::string_view does(int i) const { return i < 0 || !r_.node(i).is_standard() ? "" : r_.node(i).does(); }
  std::string const& input(int i, int operand) const { return r_.node(i).input(operand); }
  /// The node that computes an operand of node i, if it is of that operator.
  int maker(int i, int operand, std::string_view type) const {
    if (i < 0 || !r_.node(i).has_input(operand)) return -1;
    int const found = r_.maker(input(i, operand));
    return does(found) == type ? found : -1;
  }

  bool axis_of(int mean, std::int64_t& axis) const {
    onnx_node_reader const node = r_.node(mean);
    if (node.has_input(1) && !r_.is_constant(node.input(1))) return false;
    auto const axes = node.has_input(1) ? r_.constant(node, 1).whole : node.integers("axes");
    if (axes.size() != 1 || node.integer("keepdims", 1) == 0) return false;
    axis = axes[0];
    return true;
  }

  /// x − mean(x)
  bool subtracts_mean(int sub, normalisation_steps& steps) const {
    int const mean = maker(sub, 1, "ReduceMean");
    if (mean < 0 || !r_.node(mean).has_input(0) || input(mean, 0) != input(sub, 0)) return false;
    steps.difference = sub;
    return axis_of(mean, steps.axis);
  }

  /// The mean of (x − mean(x))², of the same x.
  bool is_variance(int mean, normalisation_steps const& steps) const {
    std::int64_t axis = 0;
    if (mean < 0 || !axis_of(mean, axis) || axis != steps.axis) return false;
    int const power = maker(mean, 0, "Pow"), product = maker(mean, 0, "Mul"), square = std::max(power, product);
    normalisation_steps again;
    if (!subtracts_mean(maker(square, 0, "Sub"), again) || again.axis != axis) return false;
    if (input(again.difference, 0) != input(steps.difference, 0)) return false;
    if (product >= 0) return input(product, 0) == input(product, 1);
    return r_.is_constant(input(power, 1)) && r_.numbers(r_.node(power), 1) == std::vector{2.0f};
  }

  onnx_reading const& r_;
};

inline void find_normalisations(onnx_reading& r) {
  for (int i = 0; i < r.graph().node_size(); ++i)
    if (normalisation_steps steps; r.node(i).does() == "Div" && onnx_steps_finder(r).find(i, steps))
      r.normalised[r.node(i).output()] = steps;
}

}  // namespace laminate::detail
