// What is written as ONNX: a network whatever its type was, its numbers, and the user's wishes.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/io/onnx/activation.hpp>
#include <laminate/model/state_dict.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// x ← (x − mean) / scale with a number for each channel: what `standardise` has measured.
struct onnx_scaling {
  std::vector<float> mean{}, scale{};
};

/// How a model becomes ONNX.
struct onnx_options {
  /// Normalisations that alone read a convolution or dense layer become a part of its weights and bias.
  bool fold_batch_norm = false;
  /// Not empty: the graph begins with it, and takes what `standardise` was given.
  onnx_scaling scaling{};
  /// Metadata of the model, by name: `{{"classes", "shirt\ntrouser"}}`.
  std::map<std::string, std::string> metadata{};
};

/// A network and its numbers, whatever its type was.
struct onnx_network {
  std::string type;
  std::span<graph_node const> nodes;
  std::vector<onnx_activation> activations;  ///< of leaves
  std::map<std::string, named_tensor<float>> tensors;
};

}  // namespace laminate
