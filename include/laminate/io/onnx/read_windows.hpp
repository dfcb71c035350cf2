// Operators that slide a window over an image, as words: Conv, MaxPool, AveragePool, and a Pad before them.
#pragma once

#include <laminate/describe/window.hpp>
#include <laminate/io/onnx/read_channels.hpp>
#include <laminate/io/onnx/reading.hpp>
#include <laminate/model/state_dict.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

inline std::string option(char const* name, int value) { return std::string(name) + "<" + std::to_string(value) + ">"; }

/// What is not as without options; `padding` is what that is then.
inline void add_options(onnx_part& made, window const& how, int padding) {
  if (how.stride != 1) made.arguments.push_back(option("Stride", how.stride));
  if (how.padding != padding) made.arguments.push_back(option("Padding", how.padding));
  if (how.dilation != 1) made.arguments.push_back(option("Dilation", how.dilation));
  if (how.groups != 1) made.arguments.push_back(option("Groups", how.groups));
}

/// auto_pad's SAME: as many outputs as strides fit; our padding is the same on both sides.
inline int automatic_padding(onnx_node_reader const& node, window const& how, shape in) {
  int both[2];
  for (int const axis : {0, 1}) {
    int const size = axis ? in.width : in.height, last = (size + how.stride - 1) / how.stride - 1;
    both[axis] = std::max(0, last * how.stride + how.extent() - size);
  }
  if (both[0] != both[1] || both[0] % 2 != 0)
    node.refuse("its auto_pad means other padding on one side than on the other");
  return both[0] / 2;
}

inline window window_of(onnx_reading const& r, onnx_node_reader const& node, int kernel) {
  window how{.kernel = node.square("kernel_shape", kernel)};
  how.stride = node.square("strides", 1);
  how.dilation = node.square("dilations", 1);
  if (how.kernel < 1 || how.stride < 1 || how.dilation < 1) node.refuse("its window has no size");
  if (std::int64_t{how.kernel} * how.dilation > 1 << 24) node.refuse("its window is too large");
  std::string const automatic = node.text("auto_pad", "NOTSET");
  if (automatic == "NOTSET")
    how.padding = node.square("pads", 0);
  else if (automatic != "VALID")
    how.padding = automatic_padding(node, how, r.image_of(node));
  return how;
}

inline shape slid(onnx_reading const& r, onnx_node_reader const& node, window const& how, int channels) {
  shape const in = r.image_of(node);
  shape const out{channels, how.output(in.height), how.output(in.width)};
  if (out.height < 1 || out.width < 1) node.refuse("its window is larger than its padded input");
  return out;
}

/// What a Pad before the node adds.
inline int padding_before(onnx_reading const& r, onnx_node_reader const& node) { return r.seen(node, 0).padding; }

/// One number serves for all.
inline void take_bias(onnx_node_reader const& node, onnx_part& made, std::vector<float> bias, double factor = 1) {
  auto const count = static_cast<std::size_t>(made.out.channels);
  if (bias.size() == 1) bias.resize(count, bias[0]);
  if (bias.size() != count)
    node.refuse("its bias has " + std::to_string(bias.size()) + " numbers for " + std::to_string(count) + " results");
  for (float& value : bias) value = static_cast<float>(value * factor);
  made.tensors.push_back({"bias", {made.out.channels}, std::move(bias)});
  made.has_bias = true;
  made.takes_shift = false;
}

inline void read_convolution(onnx_reading& r, onnx_node_reader const& node) {
  std::vector<int> sizes;
  std::vector<float> weights = r.numbers(node, 1, &sizes);
  int const in = r.image_of(node).channels;
  if (sizes.size() != 4 || sizes[2] != sizes[3] || std::ranges::min(sizes) < 1)
    node.refuse("its weights are " + text_of(sizes) + "; expected (O, I, K, K)");
  window how = window_of(r, node, sizes[2]);
  how.padding += padding_before(r, node);
  std::int64_t const groups = node.integer("group", 1);
  if (groups < 1 || groups > in || sizes[1] * groups != in || sizes[0] % groups != 0 || how.kernel != sizes[2])
    node.refuse("its weights " + text_of(sizes) + " do not fit " + std::to_string(in) +
                " channels, its groups or its kernel_shape");
  how.groups = static_cast<int>(groups);
  onnx_part made =
      r.layer(node, "Conv", {std::to_string(how.kernel), std::to_string(sizes[0])}, slid(r, node, how, sizes[0]));
  add_options(made, how, how.stride == 1 ? (how.extent() - 1) / 2 : how.extent() / 2);
  made.tensors.push_back({"weight", sizes, std::move(weights)});
  made.takes_shift = true;
  if (node.has_input(2)) take_bias(node, made, r.numbers(node, 2));
  r.result(node, std::move(made));
}

/// ceil_mode adds a window at the end where strides leave a rest, unless it would begin in the padding behind the
/// image. Ours round down.
inline void check_rounding(onnx_node_reader const& node, window const& how, shape in) {
  if (node.integer("ceil_mode", 0) == 0) return;
  for (int const size : {in.height, in.width}) {
    int const windows = how.output(size);
    bool const leaves_rest = (size + 2 * how.padding - how.extent()) % how.stride != 0;
    if (leaves_rest && std::int64_t{windows} * how.stride < std::int64_t{size} + how.padding)
      node.refuse("its ceil_mode gives " + std::to_string(windows + 1) + " windows along " + std::to_string(size) +
                  " pixels, the last over the edge; rounding down, as our pools do, gives " + std::to_string(windows));
  }
}

inline void read_pool(onnx_reading& r, onnx_node_reader const& node) {
  bool const finds_most = node.does() == "MaxPool";
  shape const in = r.image_of(node);
  auto const kernel = node.integers("kernel_shape");
  bool const has_all = kernel == std::vector<std::int64_t>{in.height, in.width} &&
                       node.text("auto_pad", "NOTSET") == "NOTSET" &&
                       node.square("pads", 0) + padding_before(r, node) == 0;
  if (!finds_most && has_all && in.height != in.width) return r.result(node, pixel_of(r, node, false));
  if (kernel.size() != 2) node.refuse("its kernel_shape has not two sizes");
  window how = window_of(r, node, 1);
  if (how.dilation != 1) node.refuse("dilation of a pool is not supported");
  if (!finds_most && how.padding > 0 && node.integer("count_include_pad", 0) == 0)
    node.refuse("its zeros around the image do not count in the mean (count_include_pad is 0)");
  if (int const before = padding_before(r, node); before > 0) {
    if (finds_most || how.padding > 0) node.refuse("it pads what a Pad has padded with zeros");
    how.padding = before;
  }
  if (2 * how.padding > how.kernel) node.refuse("its padding is more than half its kernel");
  shape const out = slid(r, node, how, in.channels);
  check_rounding(node, how, in);
  onnx_part made = r.layer(node, finds_most ? "MaxPool" : "AvgPool", {std::to_string(how.kernel)}, out);
  if (how.stride != how.kernel) made.arguments.push_back(option("Stride", how.stride));
  if (how.padding != 0) made.arguments.push_back(option("Padding", how.padding));
  r.result(node, std::move(made));
}

/// What a Pad adds at the beginning and at the end of (N, C, H, W).
inline std::vector<std::int64_t> pads_of(onnx_reading const& r, onnx_node_reader const& node) {
  auto const given = node.has_input(1) ? r.constant(node, 1).whole : node.integers("pads");
  if (!node.has_input(3)) return given;
  auto const axes = r.constant(node, 3).whole;  // opset 18
  std::vector<std::int64_t> all(8, 0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] < -4 || axes[i] > 3 || given.size() != 2 * axes.size())
      node.refuse("its axes are not those of its pads");
    auto const axis = static_cast<std::size_t>((axes[i] + 4) % 4);
    all[axis] = given[i];
    all[axis + 4] = given[i + axes.size()];
  }
  return all;
}

/// Zeros around an image become the padding of what reads them. (PyTorch writes a Pad before every average pool.)
inline void read_pad(onnx_reading& r, onnx_node_reader const& node) {
  auto const pads = pads_of(r, node);
  bool const is_zero = !node.has_input(2) || r.numbers(node, 2) == std::vector{0.0f};
  bool const is_image = r.image_of(node).is_image() && pads.size() == 8;
  if (!is_image || node.text("mode", "constant") != "constant" || !is_zero || node.number("value", 0) != 0 ||
      pads != std::vector<std::int64_t>{0, 0, pads[2], pads[2], 0, 0, pads[2], pads[2]} || pads[2] < 0 ||
      pads[2] > 65535)
    node.refuse("only zeros, the same on all four sides of an image, are supported");
  r.result(node, onnx_value{.part = r.value(node, 0), .padding = static_cast<int>(pads[2])});
}

}  // namespace laminate::detail
