#include "imports.hpp"

#include "unit/scratch_folder.hpp"

#include <laminate/io/onnx/import.hpp>

#include <catch2/catch.hpp>

namespace onnx_tests {

namespace {

std::string without_lines(std::string type) {
  for (std::size_t at; (at = type.find('\n')) != type.npos;) {
    std::size_t const end = type.find_first_not_of(" \n", at);
    type.replace(at, end == type.npos ? type.npos : end - at, end == type.npos || type[at - 1] == '<' ? "" : " ");
  }
  return type.substr(0, type.size() - 1);
}

import_result result_of(laminate::onnx_import const& made) {
  import_result result{
      without_lines(made.source.substr(made.source.find("using Net = ") + 12)), made.source, made.remarks, {}};
  for (auto const& tensor : made.weights.tensors)
    if (tensor.type == laminate::number_type::f32) result.tensors[tensor.name] = laminate::numbers_of<float>(tensor);
  return result;
}

}  // namespace

import_result imported_file(std::filesystem::path const& file) { return result_of(laminate::read_onnx_network(file)); }
import_result imported_file(std::filesystem::path const& file, std::string const& name) {
  return result_of(laminate::import_onnx(file, file.parent_path(), name));
}
import_result imported(onnx::ModelProto const& model) {
  tests::scratch_folder folder;
  tests::put(folder.path / "model.onnx", model.SerializeAsString());
  return imported_file(folder.path / "model.onnx");
}
import_result imported(std::string const& input, std::string const& nodes, std::vector<weights> const& all) {
  return imported(model_of(input, nodes, all));
}
std::string read(std::string const& input, std::string const& nodes, std::vector<weights> const& all) {
  return imported(input, nodes, all).type;
}
void refuse(std::string const& input, std::string const& nodes, std::vector<weights> const& all,
            std::string const& why) {
  INFO(nodes);
  CHECK_THROWS_WITH(imported(input, nodes, all),
                    Catch::Matchers::Contains("model.onnx: ") && Catch::Matchers::Contains(why));
}

}  // namespace onnx_tests
