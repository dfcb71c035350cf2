#include "model_text.hpp"

#include <laminate/support/error.hpp>
#include <laminate/support/random.hpp>

#include <onnx/defs/parser.h>

namespace onnx_tests {

onnx::ModelProto model_of(std::string const& input, std::string const& nodes, std::vector<weights> const& all,
                          double least, double most) {
  onnx::ModelProto model;
  std::string const text =
      "<ir_version: 8, opset_import: [\"\" : 17]>\nmodel (" + input + ") => (float[N, M] output) {\n" + nodes + "\n}\n";
  onnx::OnnxParser parser(text.c_str());
  auto const status = parser.Parse(model);
  if (!status.IsOK()) throw laminate::error(text + status.ErrorMessage());
  laminate::generator random{5};
  for (auto const& w : all) {
    auto& tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name(w.name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    std::int64_t count = 1;
    for (auto const size : w.shape) tensor.add_dims(size), count *= size;
    for (std::int64_t i = 0; i < count; ++i)
      tensor.add_float_data(w.values.empty()       ? static_cast<float>(random.uniform(least, most))
                            : w.values.size() == 1 ? w.values[0]
                                                   : w.values[static_cast<std::size_t>(i)]);
  }
  return model;
}

}  // namespace onnx_tests
