// Resize and Upsample of ONNX as our word, wherever they take the same pixels.
#pragma once

#include <laminate/io/onnx/computed_sizes.hpp>
#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// A constant, or several that are put together. (PyTorch leaves them apart where it does not fold constants.)
inline std::vector<double> factors_at(onnx_reading const& r, onnx_node_reader const& node, int i) {
  std::vector<double> all;
  int const maker = r.is_constant(node.input(i)) ? -1 : r.maker(node.input(i));
  if (maker >= 0 && r.node(maker).does() == "Concat") {
    onnx_node_reader const concat = r.node(maker);
    for (int k = 0; k < concat.inputs(); ++k)
      for (float const factor : r.numbers(concat, k)) all.push_back(factor);
  } else {
    for (float const factor : r.numbers(node, i)) all.push_back(factor);
  }
  return all;
}

/// Factors for some axes of a value, or sizes divided by those it has. What is not said is 1.
inline std::array<double, 4> growth_of(onnx_reading const& r, onnx_node_reader const& node, onnx_value const& from,
                                       shape in) {
  std::vector<double> given;
  int const at = node.does() == "Resize" && node.inputs() > 2 ? 2 : 1;  // before it there may be a region of interest
  bool const are_sizes = node.has_input(3);
  if (are_sizes) {
    auto const sizes = sizes_at(r, node, 3);
    if (!sizes) node.refuse("its sizes are computed in a way that is not known");
    for (std::int64_t const size : *sizes) given.push_back(static_cast<double>(size));
  } else {
    given = factors_at(r, node, at);
  }
  std::vector<std::int64_t> axes = node.integers("axes");
  if (axes.empty()) axes = {0, 1, 2, 3};
  if (given.size() != axes.size()) node.refuse("it has not a factor or a size for each axis");
  double const now[]{1, 1.0 * in.channels, 1.0 * in.height, 1.0 * in.width};
  std::array<double, 4> factors{1, 1, 1, 1};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] < -4 || axes[i] > 3) node.refuse("its axes are not those of its input");
    auto const axis = static_cast<std::size_t>(from.axis(static_cast<int>((axes[i] + 4) % 4)));
    if (!are_sizes)
      factors[axis] = given[i];
    else if (axis > 0)  // the batch is any
      factors[axis] = given[i] / now[axis];
  }
  return factors;
}

/// Where pixel i of `to` lies among those of `from`, by the document of Resize
/// (https://github.com/onnx/onnx/blob/main/docs/Operators.md#Resize).
inline double place_of(onnx_node_reader const& node, std::string const& mode, int i, int from, int to) {
  double const scale = static_cast<double>(to) / from;
  if (mode == "asymmetric") return i / scale;
  if (mode == "align_corners") return to > 1 ? i * (from - 1.0) / (to - 1.0) : 0;
  if (mode == "tf_half_pixel_for_nn") return (i + 0.5) / scale;
  if (mode == "pytorch_half_pixel" && to == 1) return 0;
  if (mode == "half_pixel" || mode == "pytorch_half_pixel" || mode == "half_pixel_symmetric")
    return (i + 0.5) / scale - 0.5;
  node.refuse("its coordinate_transformation_mode " + shown(mode) + " is not supported");
}
inline double rounded(std::string const& how, double place) {
  if (how == "floor") return std::floor(place);
  if (how == "ceil") return std::ceil(place);
  return how == "round_prefer_ceil" ? std::floor(place + 0.5) : std::ceil(place - 0.5);
}

/// There are many ways to say where pixels lie: what they mean for this image is compared with what our word does.
inline void check_places(onnx_node_reader const& node, shape in, int factor, bool mixes) {
  bool const is_newer = node.does() == "Resize" && node.inputs() > 2;  // opset 11 brought the attributes
  std::string const mode = node.text("coordinate_transformation_mode", is_newer ? "half_pixel" : "asymmetric");
  std::string const nearest = node.text("nearest_mode", is_newer ? "round_prefer_floor" : "floor");
  for (int const size : {in.height, in.width})
    for (int i = 0; i < size * factor; ++i) {
      double const place = place_of(node, mode, i, size, size * factor), last = size - 1;
      double const theirs = std::clamp(mixes ? place : rounded(nearest, place), 0.0, last);
      double const ours = mixes ? std::clamp((i + 0.5) / factor - 0.5, 0.0, last) : i / factor;
      if (std::abs(theirs - ours) > 1e-6)
        node.refuse("it takes pixels elsewhere than Upsample does: its coordinate_transformation_mode is " +
                    shown(mode) + (mixes ? "" : ", its nearest_mode " + shown(nearest)));
    }
}

inline void read_upsample(onnx_reading& r, onnx_node_reader const& node) {
  onnx_value const from = r.turned(node, 0);
  shape const in = r.part(from.part).out;
  if (!in.is_image()) node.refuse("it gets features, and wants an image (N, C, H, W)");
  std::string const mode = node.text("mode", "nearest");
  bool const mixes = mode == "linear" || mode == "bilinear";
  if (mode != "nearest" && !mixes)
    node.refuse("its mode is " + shown(mode) + "; there are words for nearest and linear");
  auto const factors = growth_of(r, node, from, in);
  double const growth = factors[2];
  bool const is_whole = growth >= 1 && growth == std::floor(growth) && growth == factors[3];
  if (!is_whole || factors[0] != 1 || factors[1] != 1)
    node.refuse("it does not multiply rows and columns, and nothing else, by the same whole number");
  double const height = in.height * growth, width = in.width * growth;
  if ((in.channels + 15.0) * height * width > most_numbers) node.refuse("its result has over 2^28 numbers");
  int const factor = static_cast<int>(growth);
  check_places(node, in, factor, mixes);
  if (factor == 1) return r.result(node, from);
  shape const out{in.channels, static_cast<int>(height), static_cast<int>(width)};
  onnx_part made = r.layer(node, "Upsample", {std::to_string(factor)}, out);
  if (mixes) made.arguments.push_back("Bilinear");
  r.result(node, std::move(made), from);
}

}  // namespace laminate::detail
