// ConvTranspose of ONNX as our word, with a wider kernel where the two leave out other edges.
#pragma once

#include <laminate/io/onnx/read_windows.hpp>
#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// How many pixels of the full result are left out at both ends of its axes.
struct cut_edges {
  int first = 0, last = 0;  ///< negative: so many more, of output_padding
};

/// What is over, divided: the odd one is left out at the beginning, or of SAME_UPPER at the end.
inline cut_edges divided_edges(onnx_node_reader const& node, window const& how, shape in, int more) {
  auto const wanted = node.integers("output_shape");
  std::int64_t over[2];
  for (std::size_t const axis : {0u, 1u}) {
    std::int64_t const size = axis ? in.width : in.height;
    std::int64_t const to = wanted.size() < 2 ? size * how.stride : wanted[wanted.size() - 2 + axis];
    over[axis] = how.stride * (size - 1) + more + how.extent() - std::clamp<std::int64_t>(to, 0, 1 << 28);
  }
  if (over[0] != over[1] || over[0] < 0 || over[0] > 65535)
    node.refuse("what its output_shape or auto_pad leaves out is not the same along both axes");
  int const all = static_cast<int>(over[0]), half = all / 2;
  return node.text("auto_pad", "NOTSET") == "SAME_UPPER" ? cut_edges{half, all - half - more}
                                                         : cut_edges{all - half, half - more};
}

inline cut_edges cut_edges_of(onnx_node_reader const& node, window const& how, shape in) {
  int const more = node.square("output_padding", 0);
  std::string const automatic = node.text("auto_pad", "NOTSET");
  if (!node.integers("output_shape").empty() || automatic.starts_with("SAME"))
    return divided_edges(node, how, in, more);
  auto const pads = node.integers("pads");
  if (automatic == "VALID" || pads.empty()) return {0, -more};
  if (pads.size() != 4 || pads[0] != pads[1] || pads[2] != pads[3] || std::ranges::min(pads) < 0 ||
      std::ranges::max(pads) > 65535)
    node.refuse("its pads are not equal along both axes");
  return {static_cast<int>(pads[0]), static_cast<int>(pads[2]) - more};
}

/// Kernels with rows and columns of zeros before and behind their numbers.
inline std::vector<float> surrounded(std::vector<float> const& kernels, int size, int before, int behind) {
  auto const from = static_cast<std::size_t>(size), shift = static_cast<std::size_t>(before);
  std::size_t const to = from + shift + static_cast<std::size_t>(behind);
  std::vector<float> wider(kernels.size() / (from * from) * to * to);
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    std::size_t const kernel = i / (from * from), row = i / from % from, column = i % from;
    wider[(kernel * to + row + shift) * to + column + shift] = kernels[i];
  }
  return wider;
}

/// Ours leaves out the same at both ends. With zeros before or behind the numbers of its kernel that is as much of the
/// numbers' own result as is wanted.
inline int take_edges(onnx_reading& r, onnx_node_reader const& node, window& how, shape in,
                      std::vector<float>& kernels) {
  cut_edges const cut = cut_edges_of(node, how, in);
  how.padding = std::max({cut.first, cut.last, 0});
  int const before = how.padding - cut.first, behind = how.padding - cut.last;
  if (before % how.dilation != 0 || behind % how.dilation != 0 || before > 16 + how.extent() ||
      behind > 16 + how.extent())
    node.refuse("its output_padding or pads are too large, or no multiples of its dilation");
  int const more = (before + behind) / how.dilation;
  if (more == 0) return how.kernel;
  kernels = surrounded(kernels, how.kernel, before / how.dilation, behind / how.dilation);
  r.contents.remarks.push_back(node.name() + ": its kernel of size " + std::to_string(how.kernel) + " is one of " +
                               std::to_string(how.kernel + more) +
                               ", filled with zeros, in place of output_padding or uneven pads");
  how.kernel += more;
  return how.kernel;
}

inline void read_transposed(onnx_reading& r, onnx_node_reader const& node) {
  shape const in = r.part(r.value(node, 0)).out;
  if (!in.is_image()) node.refuse("it gets features, and wants an image (N, C, H, W)");
  std::vector<int> sizes;
  std::vector<float> weights = r.numbers(node, 1, &sizes);
  if (sizes.size() != 4 || sizes[2] != sizes[3] || std::ranges::min(sizes) < 1)
    node.refuse("its weights are " + text_of(sizes) + "; expected (I, O, K, K)");
  window how{.kernel = node.square("kernel_shape", sizes[2])};
  how.stride = node.square("strides", 1);
  how.dilation = node.square("dilations", 1);
  std::int64_t const groups = node.integer("group", 1);
  if (how.stride < 1 || how.dilation < 1 || std::int64_t{how.kernel} * how.dilation > 65535)
    node.refuse("its window has no size, or is too large");
  if (how.kernel != sizes[2] || sizes[0] != in.channels || groups < 1 || groups > in.channels ||
      in.channels % groups != 0)
    node.refuse("its weights " + text_of(sizes) + " do not fit " + std::to_string(in.channels) +
                " channels, its groups or its kernel_shape");
  how.groups = static_cast<int>(groups);
  sizes[2] = sizes[3] = take_edges(r, node, how, in, weights);
  double const filters = 1.0 * sizes[1] * how.groups, height = how.transposed_output(in.height),
               width = how.transposed_output(in.width);
  if (height < 1 || width < 1) node.refuse("its padding leaves nothing");
  if (std::max({filters, height, width}) > most_numbers) node.refuse("its result has over 2^28 numbers");
  shape const out{static_cast<int>(filters), static_cast<int>(height), static_cast<int>(width)};
  onnx_part made = r.layer(node, "ConvTranspose", {std::to_string(how.kernel), std::to_string(out.channels)}, out);
  add_options(made, how, std::max(0, (how.extent() - how.stride) / 2));
  made.tensors.push_back({"weight", sizes, std::move(weights)});
  made.takes_shift = true;
  if (node.has_input(2)) take_bias(node, made, r.numbers(node, 2));
  r.result(node, std::move(made));
}

}  // namespace laminate::detail
