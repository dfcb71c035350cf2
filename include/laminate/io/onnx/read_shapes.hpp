// Operators that show a result in another shape: Flatten, Reshape, Squeeze, Unsqueeze, Expand, Transpose.
#pragma once

#include <laminate/io/onnx/computed_sizes.hpp>
#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// The axes of an operator, an input in newer sets of operators and an attribute in older ones; sorted, of `rank`.
inline std::vector<int> axes_of(onnx_reading const& r, onnx_node_reader const& node, std::size_t rank) {
  auto const given = node.has_input(1) ? r.constant(node, 1).whole : node.integers("axes");
  auto const count = static_cast<std::int64_t>(rank);
  std::vector<int> axes;
  for (std::int64_t const axis : given) {
    if (axis < -count || axis >= count) node.refuse("its axes are not those of its input");
    axes.push_back(static_cast<int>(axis < 0 ? axis + count : axis));
  }
  std::ranges::sort(axes);
  if (std::ranges::adjacent_find(axes) != axes.end()) node.refuse("one of its axes is named twice");
  return axes;
}

/// The sizes that a Reshape's numbers mean for a sample.
inline std::vector<std::int64_t> sizes_wanted(onnx_reading const& r, onnx_node_reader const& node,
                                              std::vector<std::int64_t> const& from, int size) {
  auto const given = sizes_at(r, node, 1);
  if (!given || given->empty()) node.refuse("its shape is computed in a way that is not known to keep the batch");
  // The first size is the batch: 0 copies it, −1 is what is left, and some exporters write down the one they saw.
  std::vector<std::int64_t> to(given->begin() + 1, given->end());
  std::int64_t known = 1, *rest = nullptr;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 0 && i < from.size() && node.integer("allowzero", 0) == 0) to[i] = from[i];
    if (to[i] == -1 && given->front() != -1 && !rest)
      rest = &to[i];
    else if (to[i] < 1 || __builtin_mul_overflow(known, to[i], &known))
      node.refuse("its shape has no sound sizes after the batch's");
  }
  if (rest && size % known == 0) *rest = size / known, known = size;
  bool const keeps_batch = given->front() == any_batch || given->front() >= -1;
  if (known != size || !keeps_batch)
    node.refuse("it changes the number of samples, or gives another shape than (N, " + std::to_string(size) + ")");
  return to;
}

/// The same numbers in another shape: flat, or (N, C) as an image of one pixel and back.
inline void reshape(onnx_reading& r, onnx_node_reader const& node, std::vector<std::int64_t> const& to) {
  onnx_value const from = r.seen(node, 0);
  shape const in = r.part(from.part).out;
  if (to == from.sizes(in)) return r.result(node, from);
  std::int64_t const size = in.size(), channels = in.channels;
  bool const is_flat = to == std::vector{size}, is_column = to == std::vector<std::int64_t>{size, 1};
  if (size == channels && (is_flat || is_column)) {
    int part = from.part;
    if (in.is_image()) part = r.add(r.layer(node, "Flatten", {}, shape{in.channels}));
    return r.result(node, onnx_value{.part = part, .is_column = is_column});
  }
  if (is_flat) {
    bool const keeps_order = from.order.empty() || (channels == 1 && from.order == channels_last);
    if (!keeps_order) node.refuse("its features would be in another order than (C, H, W)");
    return r.result(node, r.layer(node, "Flatten", {}, shape{in.size()}));
  }
  bool const is_first = to == std::vector<std::int64_t>{channels, 1, 1};
  if (size != channels || (!is_first && to != std::vector<std::int64_t>{1, 1, channels}))
    node.refuse("it gives another shape than (N, " + std::to_string(size) + ") or, of one pixel, (N, C, 1, 1)");
  int const part = in.is_image() ? from.part : r.add(r.layer(node, "", {}, {in.channels, 1, 1}));
  r.result(node, onnx_value{.part = part, .order = is_first ? std::vector<int>{} : channels_last});
}

inline void read_reshape(onnx_reading& r, onnx_node_reader const& node) {
  onnx_value const& from = r.seen(node, 0);
  if (from.padding > 0 || from.is_expanded() || from.axis(0) != 0) r.value(node, 0);  // refuses
  int const size = r.part(from.part).out.size();
  std::vector<std::int64_t> sizes = from.sizes(r.part(from.part).out);
  if (node.does() == "Reshape") {
    sizes = sizes_wanted(r, node, sizes, size);
  } else if (node.does() == "Flatten") {
    std::int64_t const axis = node.integer("axis", 1), rank = static_cast<std::int64_t>(sizes.size()) + 1;
    if (axis != 1 && axis != 1 - rank) node.refuse("its axis is not 1");
    sizes = {size};
  } else if (node.does() == "Squeeze") {
    auto axes = axes_of(r, node, sizes.size() + 1);
    if (axes.empty()) node.refuse("it names no axes, and would leave out a batch of one");
    for (; !axes.empty(); axes.pop_back()) {
      auto const at = sizes.begin() + axes.back() - 1;
      if (axes.back() == 0 || *at != 1) node.refuse("it wants to leave out the batch or what is not of size 1");
      sizes.erase(at);
    }
  } else {
    auto const count = node.has_input(1) ? r.constant(node, 1).whole.size() : node.integers("axes").size();
    for (int const axis : axes_of(r, node, sizes.size() + 1 + std::min<std::size_t>(count, 4))) {
      if (axis == 0) node.refuse("it puts an axis before the batch");
      sizes.insert(sizes.begin() + std::min<std::ptrdiff_t>(axis - 1, std::ssize(sizes)), 1);
    }
  }
  reshape(r, node, sizes);
}

inline void read_transpose(onnx_reading& r, onnx_node_reader const& node) {
  onnx_value const& from = r.seen(node, 0);
  if (from.padding > 0 || from.is_expanded() || from.is_column) r.value(node, 0);  // refuses
  std::size_t const rank = r.part(from.part).out.is_image() ? 4 : 2;
  auto perm = node.integers("perm");
  if (perm.empty())
    for (std::size_t i = rank; i > 0; --i) perm.push_back(static_cast<std::int64_t>(i) - 1);
  auto sorted = perm;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (sorted.size() != rank || sorted[i] != static_cast<std::int64_t>(i))
      node.refuse("its perm is none of the axes of its input");
  r.result(node, from.turned(perm));
}

/// One pixel as an image: what a factor for each channel is where it is written out.
inline void read_expand(onnx_reading& r, onnx_node_reader const& node) {
  onnx_value from = r.turned(node, 0);
  shape const in = r.part(from.part).out;
  auto const to = sizes_at(r, node, 1);
  if (!to || to->size() != (in.is_image() ? 4 : 2))
    node.refuse("its shape is computed in a way that is not known, or of another number of axes");
  bool same = true;
  auto const sizes = from.sizes(in);
  shape out = in;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    std::int64_t const size = (*to)[i + 1];
    if (size == sizes[i] || size == 1) continue;
    same = false;
    int const axis = from.axis(static_cast<int>(i) + 1);
    if (!in.is_image() || axis < 2 || sizes[i] != 1 || size < 1 || size > 1 << 28)
      node.refuse("only images of one pixel become larger ones");
    (axis == 2 ? out.height : out.width) = static_cast<int>(size);
  }
  std::int64_t const batch = to->front();
  if (batch != any_batch && batch != 1) node.refuse("it wants to repeat the samples");
  if (!same) from.expanded = out;
  r.result(node, from);
}

}  // namespace laminate::detail
