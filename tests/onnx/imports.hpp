// What import makes of files and of models that tests write by hand. The importer is compiled once for all of them.
#pragma once

#include "model_text.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace onnx_tests {

struct import_result {
  std::string type;    ///< without line breaks
  std::string source;  ///< the header
  std::vector<std::string> remarks;
  std::map<std::string, std::vector<float>> tensors;
};

// Each throws what read_onnx_network throws; with a name it is import_onnx, into the file's folder.
import_result imported_file(std::filesystem::path const& file);
import_result imported_file(std::filesystem::path const& file, std::string const& name);
import_result imported(onnx::ModelProto const& model);
import_result imported(std::string const& input, std::string const& nodes, std::vector<weights> const& all = {});
std::string read(std::string const& input, std::string const& nodes, std::vector<weights> const& all = {});
/// Checks that the reason is given, after the file's name.
void refuse(std::string const& input, std::string const& nodes, std::vector<weights> const& all,
            std::string const& why);

}  // namespace onnx_tests
