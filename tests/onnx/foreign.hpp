// Models as other programs write them, in operators and spellings that save_onnx has not.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace onnx_tests {

/// Writes name.onnx for each, and answers with their names.
std::vector<std::string> write_foreign(std::filesystem::path const& folder);

}  // namespace onnx_tests
