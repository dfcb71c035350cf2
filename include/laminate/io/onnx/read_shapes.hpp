// Operators that give a result another shape: means of channels, Flatten in its many forms, Concat.
#pragma once

#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// The axes of a Squeeze or ReduceMean, an input in newer sets of operators and an attribute in older ones; sorted.
inline std::vector<std::int64_t> axes_of(onnx_reading const& r, onnx_node_reader const& node) {
  auto axes = node.has_input(1) ? r.constant(node, 1).whole : node.integers("axes");
  for (auto& axis : axes) axis += axis < 0 ? 4 : 0;
  std::ranges::sort(axes);
  return axes;
}
inline bool are_rows_and_columns(std::vector<std::int64_t> const& axes) {
  return axes == std::vector<std::int64_t>{2, 3};
}

/// The mean of each channel: still an image, of one pixel, until something flattens it.
inline void read_mean(onnx_reading& r, onnx_node_reader const& node) {
  shape const in = r.image_of(node);
  if (node.does() == "ReduceMean") {
    if (!are_rows_and_columns(axes_of(r, node))) node.refuse("its mean is not that of each channel");
    if (node.integer("keepdims", 1) == 0) return r.result(node, r.layer(node, "GlobalAvgPool", {}, shape{in.channels}));
  }
  // Of an image that is not square there is no such pool: no word.
  onnx_part made = r.layer(node, "", {}, {in.channels, 1, 1});
  if (in.height == in.width) made.word = "AvgPool", made.arguments = {std::to_string(in.height)};
  int const part = r.add(std::move(made));
  r.means.insert(part);
  r.result(node, part);
}

/// Whether a Reshape gives (N, everything else).
inline void check_reshape(onnx_reading const& r, onnx_node_reader const& node, int size) {
  std::string const refusal = "it gives another shape than (N, " + std::to_string(size) + ")";
  if (r.is_constant(node.input(1))) {
    // The first size is the batch: 0 copies it, −1 is what is left, and some exporters write down the one they saw.
    auto const to = r.constant(node, 1).whole;
    if (to.size() != 2 || (to[1] != size && !(to[1] == -1 && to[0] != -1))) node.refuse(refusal);
    return;
  }
  // x.view(x.size(0), -1): [size, −1] put together
  int const maker = r.maker(node.input(1));
  if (maker < 0 || r.node(maker).does() != "Concat" || r.node(maker).inputs() != 2 ||
      !r.is_constant(r.node(maker).input(1)))
    node.refuse("its shape is computed in a way that is not known to give (N, everything else)");
  auto const last = r.constant(r.node(maker), 1).whole;
  if (last.size() != 1 || (last[0] != -1 && last[0] != size)) node.refuse(refusal);
}

inline void read_flatten(onnx_reading& r, onnx_node_reader const& node) {
  int const from = r.value(node, 0);
  shape const in = r.part(from).out;
  if (node.does() == "Reshape")
    check_reshape(r, node, in.size());
  else if (node.does() == "Flatten" && node.integer("axis", 1) != 1)
    node.refuse("its axis is not 1");
  else if (node.does() == "Squeeze" && (!in.is_image() || in.pixels() != 1 || !are_rows_and_columns(axes_of(r, node))))
    node.refuse("it leaves something else than (N, C) of an image of one pixel");
  if (in.is_features()) return r.result(node, from);
  onnx_part made = r.layer(node, "Flatten", {}, shape{in.size()});
  if (r.means.contains(from)) made.word = "GlobalAvgPool", made.inputs = r.part(from).inputs;
  r.result(node, std::move(made));
}

/// Dense blocks join everything anew each time: what an earlier node has joined already is taken as it is.
inline std::vector<int> shortened(onnx_reading const& r, std::vector<int> const& inputs) {
  for (std::size_t shared = std::min<std::size_t>(inputs.size() - 1, 256); shared > 1; --shared) {
    auto const end = inputs.begin() + static_cast<std::ptrdiff_t>(shared);
    auto const known = r.joined.find(std::vector<int>(inputs.begin(), end));
    if (known == r.joined.end()) continue;
    std::vector<int> shorter{known->second};
    shorter.insert(shorter.end(), end, inputs.end());
    return shorter;
  }
  return inputs;
}

inline void read_concatenation(onnx_reading& r, onnx_node_reader const& node) {
  std::vector<int> inputs;
  double channels = 0;
  for (int i = 0; i < node.inputs(); ++i) {
    inputs.push_back(r.value(node, i));
    channels += r.part(inputs.back()).out.channels;
  }
  if (inputs.empty()) node.refuse("it has no input");
  shape out = r.part(inputs[0]).out;
  std::int64_t const axis = node.integer("axis", 1);
  if (axis != 1 && axis != (out.is_image() ? -3 : -1)) node.refuse("its axis is not that of the channels");
  for (int const i : inputs)
    if (r.part(i).out.height != out.height || r.part(i).out.width != out.width)
      node.refuse("its inputs are of different heights or widths");
  if (channels > most_numbers) node.refuse("its result has over 2^28 channels");
  out.channels = static_cast<int>(channels);
  if (inputs.size() == 1) return r.result(node, inputs[0]);
  int const part = r.add({.is = onnx_part::concatenation, .at = node.at(), .inputs = shortened(r, inputs), .out = out});
  r.joined[std::move(inputs)] = part;
  r.result(node, part);
}

}  // namespace laminate::detail
