// Operators with numbers for each feature or channel, as words: Gemm, MatMul, BatchNormalization.
#pragma once

#include <laminate/io/onnx/read_windows.hpp>
#include <laminate/io/onnx/reading.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace laminate::detail {

/// Of x · w, w being (F, N), or (N, F) where it is transposed already: our (N, F).
inline named_tensor<float> dense_weight(onnx_reading const& r, onnx_node_reader const& node, int in, bool transposed,
                                        double factor = 1) {
  std::vector<int> sizes;
  std::vector<float> const from = r.numbers(node, 1, &sizes);
  if (sizes.size() != 2 || std::ranges::min(sizes) < 1 || sizes[transposed ? 1 : 0] != in)
    node.refuse("its weights " + text_of(sizes) + " do not fit " + std::to_string(in) + " features");
  int const out = sizes[transposed ? 0 : 1];
  auto const rows = static_cast<std::size_t>(out), columns = static_cast<std::size_t>(in);
  std::vector<float> weights(from.size());
  for (std::size_t o = 0; o < rows; ++o)
    for (std::size_t i = 0; i < columns; ++i)
      weights[o * columns + i] = static_cast<float>(from[transposed ? o * columns + i : i * rows + o] * factor);
  return {"weight", {out, in}, std::move(weights)};
}

inline onnx_part dense(onnx_reading const& r, onnx_node_reader const& node, named_tensor<float> weight) {
  int const out = weight.shape[0];
  onnx_part made = r.layer(node, "Dense", {std::to_string(out)}, shape{out});
  made.tensors.push_back(std::move(weight));
  made.takes_shift = true;
  return made;
}

inline void read_gemm(onnx_reading& r, onnx_node_reader const& node) {
  if (node.integer("transA", 0) != 0) node.refuse("transA is not supported");
  int const in = r.features_of(node).channels;
  onnx_part made = dense(r, node, dense_weight(r, node, in, node.integer("transB", 0) != 0, node.number("alpha", 1)));
  if (node.has_input(2)) take_bias(node, made, r.numbers(node, 2), node.number("beta", 1));
  r.result(node, std::move(made));
}

/// Of an image whose channels are last it is a 1×1 convolution.
inline void read_product(onnx_reading& r, onnx_node_reader const& node) {
  onnx_value const from = r.turned(node, 0);
  shape const in = r.part(from.part).out;
  if (in.is_features() || from.axis(3) != 1)
    return r.result(node, dense(r, node, dense_weight(r, node, r.features_of(node).channels, false)));
  named_tensor<float> weight = dense_weight(r, node, in.channels, false);
  int const out = weight.shape[0];
  weight.shape.insert(weight.shape.end(), {1, 1});
  onnx_part made = r.layer(node, "Conv", {"1", std::to_string(out)}, {out, in.height, in.width});
  made.tensors.push_back(std::move(weight));
  made.takes_shift = true;
  r.result(node, std::move(made), from);
}

inline void read_normalisation(onnx_reading& r, onnx_node_reader const& node) {
  shape const in = r.part(r.value(node, 0)).out;
  if (node.integer("training_mode", 0) != 0) node.refuse("it is in training mode: export the model for inference");
  // Our ε is a power of ten; what is over it goes into the variances.
  double const epsilon = node.number("epsilon", 1e-5);
  if (!(epsilon >= 1e-30 && epsilon < 1)) node.refuse("its epsilon is not from 1e-30 to below 1");
  int const exponent = static_cast<int>(std::ceil(-std::log10(epsilon) - 1e-6));
  double const rest = epsilon - std::pow(10.0, -exponent);
  // Theirs is the weight of the old value.
  int const percent = static_cast<int>(std::lround(100 * std::clamp(1 - node.number("momentum", 0.9), 0.0, 1.0)));
  bool const usual = exponent == 5 && percent == 10;
  onnx_part made = r.layer(node, usual ? "BN" : "BatchNorm", {}, in);
  if (!usual) made.arguments = {std::to_string(exponent), std::to_string(percent)};
  char const* const names[] = {"weight", "bias", "running_mean", "running_var"};
  for (int i = 0; i < 4; ++i) {
    std::vector<float> values = r.numbers(node, i + 1);
    if (values.size() != static_cast<std::size_t>(in.channels))
      node.refuse("its input " + std::to_string(i + 1) + " has " + std::to_string(values.size()) + " numbers for " +
                  std::to_string(in.channels) + " channels");
    if (i == 3 && rest > 1e-4 * epsilon)
      for (float& value : values) value = static_cast<float>(value + rest);
    made.tensors.push_back({names[i], {in.channels}, std::move(values)});
  }
  r.result(node, std::move(made));
}

}  // namespace laminate::detail
