// Makes source of a network of others: example_import model.onnx -o DIR/NAME writes DIR/NAME.hpp, with the type
// NAME::Net, and its weights DIR/NAME.safetensors.
#include <laminate/io/onnx/import.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cstdio>
#include <filesystem>
#include <string>

int main(int argc, char** argv) try {
  std::filesystem::path model, output;
  CLI::App app{"Makes C++ of an ONNX model: a header with its network's type, and its weights as a safetensors file"};
  app.add_option("model", model, "ONNX file")->required();
  app.add_option("-o,--output", output, "folder and name of both files, an identifier; default: the model's");
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& failure) {
    return app.exit(failure);
  }
  if (output.empty()) output = model.stem();
  auto const made = laminate::import_onnx(model, output.parent_path(), output.filename().string());
  for (auto const& remark : made.remarks) std::printf("%s\n", remark.c_str());
  std::printf("%d layers: %s.hpp has %s::Net, and %s.safetensors its weights\n", made.layers, output.c_str(),
              output.filename().c_str(), output.c_str());
} catch (laminate::error const& failure) {
  std::fprintf(stderr, "error: %s\n", failure.what());
  return 1;
}
