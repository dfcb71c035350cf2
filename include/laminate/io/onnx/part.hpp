// What an imported network is made of before it has a structure: layers, pointwise operations, sums, products,
// concatenations.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/io/onnx/formula.hpp>
#include <laminate/model/state_dict.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace laminate {

/// One result. Part 0 is the input; `inputs` are earlier parts.
struct onnx_part {
  enum kind : unsigned char { input, layer, pointwise, sum, product, concatenation } is = layer;
  std::string at{};           ///< the node, for errors: "node \"conv1\" (Conv)"
  std::vector<int> inputs{};  ///< of a product an image, and a number for each of its channels
  shape out{};
  std::string word{};                    ///< "Conv"; empty for an activation that has none (yet)
  std::vector<std::string> arguments{};  ///< "3", "16", "Stride<2>"
  bool has_bias = false;
  bool takes_scale = false, takes_shift = false;           ///< constants that come next are a part of it
  std::vector<named_tensor<float>> tensors{};              ///< "weight", "bias", …
  formula value{};                                         ///< of a pointwise operation, an argument for each input
  std::shared_ptr<named_tensor<float> const> parameter{};  ///< the formula's: one number, or one for each channel
};

/// What a file says, in its order.
struct onnx_contents {
  std::vector<onnx_part> parts;
  int output = 0;  ///< the part whose value is the graph's output
  std::map<std::string, std::string> metadata;
  std::vector<std::string> remarks;  ///< what is not as in the file
};

}  // namespace laminate
