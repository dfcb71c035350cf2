// ONNX models for tests, written by hand, as other programs would write them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace onnx {
class ModelProto;
}

namespace onnx_tests {

/// Weights of a model: random, or all the same where one value is given.
struct weights {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values{};
};

/// A model in ONNX's own text format, "input" going in and "output" coming out:
///   "float[N, 3] input", "output = Relu(input)"
onnx::ModelProto model_of(std::string const& input, std::string const& nodes, std::vector<weights> const& all = {},
                          double least = 0.1, double most = 1);

}  // namespace onnx_tests
