// ONNX models for tests, written by hand, as other programs would write them.
#pragma once

#include "unit/scratch_folder.hpp"

#include <laminate/io/onnx/import.hpp>
#include <laminate/support/random.hpp>

#include <onnx/defs/parser.h>
#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace onnx_tests {

/// Weights of a model: random, or all the same where a value is given.
struct weights {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values{};
};

/// A model in ONNX's own text format, "input" going in and "output" coming out:
///   "float[N, 3] input", "output = Relu(input)"
inline onnx::ModelProto model_of(std::string const& input, std::string const& nodes,
                                 std::vector<weights> const& all = {}, int opset = 17) {
  onnx::ModelProto model;
  std::string const text = "<ir_version: 8, opset_import: [\"\" : " + std::to_string(opset) + "]>\nmodel (" + input +
                           ") => (float[N, M] output) {\n" + nodes + "\n}\n";
  onnx::OnnxParser parser(text.c_str());
  auto const status = parser.Parse(model);
  INFO(text << status.ErrorMessage());
  REQUIRE(status.IsOK());
  laminate::generator random{5};
  for (auto const& w : all) {
    auto& tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name(w.name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    std::int64_t count = 1;
    for (auto const size : w.shape) tensor.add_dims(size), count *= size;
    for (std::int64_t i = 0; i < count; ++i)
      tensor.add_float_data(w.values.empty()       ? static_cast<float>(random.uniform(0.1, 1))
                            : w.values.size() == 1 ? w.values[0]
                                                   : w.values[static_cast<std::size_t>(i)]);
  }
  return model;
}

inline laminate::onnx_import imported(onnx::ModelProto const& model) {
  tests::scratch_folder folder;
  tests::put(folder.path / "model.onnx", model.SerializeAsString());
  return laminate::read_onnx_network(folder.path / "model.onnx");
}

/// The network's type, without line breaks.
inline std::string type_of(laminate::onnx_import const& read) {
  std::string type = read.source.substr(read.source.find("using Net = ") + 12);
  for (std::size_t at; (at = type.find('\n')) != type.npos;) {
    std::size_t const end = type.find_first_not_of(" \n", at);
    type.replace(at, end == type.npos ? type.npos : end - at, end == type.npos || type[at - 1] == '<' ? "" : " ");
  }
  return type.substr(0, type.size() - 1);
}

inline std::string read(std::string const& input, std::string const& nodes, std::vector<weights> const& all = {}) {
  return type_of(imported(model_of(input, nodes, all)));
}
inline void refuse(std::string const& input, std::string const& nodes, std::vector<weights> const& all,
                   std::string const& why) {
  INFO(nodes);
  CHECK_THROWS_WITH(imported(model_of(input, nodes, all)),
                    Catch::Matchers::Contains("model.onnx: ") && Catch::Matchers::Contains(why));
}
inline std::vector<float> const& numbers(laminate::onnx_import const& from, std::string const& name,
                                         std::vector<float>& to) {
  for (auto const& tensor : from.weights.tensors)
    if (tensor.name == name) return to = laminate::numbers_of<float>(tensor);
  FAIL("there is no tensor " << name);
  return to;
}

}  // namespace onnx_tests
