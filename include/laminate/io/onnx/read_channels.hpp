// Operators over channels: means and largest values of each, and Concat of them.
#pragma once

#include <laminate/io/onnx/read_shapes.hpp>
#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// Means or largest values of each channel: still an image, of one pixel, until something flattens it. Of an image that
/// is not square there is no such pool: no word.
inline onnx_part pixel_of(onnx_reading const& r, onnx_node_reader const& node, bool finds_most) {
  shape const in = r.part(r.seen(node, 0).part).out;
  onnx_part made = r.layer(node, "", {}, {in.channels, 1, 1});
  if (in.height == in.width)
    made.word = finds_most ? "MaxPool" : "AvgPool", made.arguments = {std::to_string(in.height)};
  else if (finds_most)
    node.refuse("it finds the largest value of an image that is not square, for which there is no word");
  return made;
}

/// GlobalAveragePool, GlobalMaxPool, and ReduceMean or ReduceMax over rows and columns.
inline void read_global_pool(onnx_reading& r, onnx_node_reader const& node) {
  bool const finds_most = node.does().ends_with("Max") || node.does() == "GlobalMaxPool";
  bool const reduces = node.does().starts_with("Reduce");
  onnx_value const from = reduces ? r.turned(node, 0) : onnx_value{.part = r.value(node, 0)};
  shape const in = r.part(from.part).out;
  if (!in.is_image()) node.refuse("it gets features, and wants an image (N, C, H, W)");
  bool keeps = true;
  if (reduces) {
    std::vector<int> over;
    for (int const axis : axes_of(r, node, 4)) over.push_back(from.axis(axis));
    std::ranges::sort(over);
    if (over != std::vector{2, 3}) node.refuse("it is not over rows and columns, and over nothing else");
    keeps = node.integer("keepdims", 1) != 0;
  }
  if (keeps) return r.result(node, pixel_of(r, node, finds_most), from);
  if (!finds_most) return r.result(node, r.layer(node, "GlobalAvgPool", {}, shape{in.channels}));
  onnx_part flat = r.layer(node, "Flatten", {}, shape{in.channels});
  flat.inputs = {r.add(pixel_of(r, node, finds_most))};
  r.result(node, std::move(flat));
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
  if (node.inputs() == 0) node.refuse("it has no input");
  onnx_value const first = r.turned(node, 0);
  shape out = r.part(first.part).out;
  for (int i = 0; i < node.inputs(); ++i) {
    onnx_value const& next = r.turned(node, i);
    if (next.order != first.order) node.refuse("its inputs are transposed in different ways");
    inputs.push_back(next.part);
    channels += r.part(next.part).out.channels;
  }
  std::int64_t const rank = out.is_image() ? 4 : 2, axis = node.integer("axis", 1);
  if (axis < -rank || axis >= rank || first.axis(static_cast<int>(axis < 0 ? axis + rank : axis)) != 1)
    node.refuse("its axis is not that of the channels");
  for (int const i : inputs)
    if (r.part(i).out.height != out.height || r.part(i).out.width != out.width)
      node.refuse("its inputs are of different heights or widths");
  if (channels > most_numbers) node.refuse("its result has over 2^28 channels");
  out.channels = static_cast<int>(channels);
  if (inputs.size() == 1) return r.result(node, first);
  int const part = r.add({.is = onnx_part::concatenation, .at = node.at(), .inputs = shortened(r, inputs), .out = out});
  r.joined[std::move(inputs)] = part;
  r.result(node, onnx_value{.part = part, .order = first.order});
}

}  // namespace laminate::detail
