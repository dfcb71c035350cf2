// import_onnx(model.onnx, folder, name): a network of others as source, name.hpp, and its weights, name.safetensors.
#pragma once

#include <laminate/io/atomic_file.hpp>
#include <laminate/io/checkpoint/checksum.hpp>
#include <laminate/io/checkpoint/tensors.hpp>
#include <laminate/io/onnx/combine.hpp>
#include <laminate/io/onnx/read_graph.hpp>
#include <laminate/io/onnx/source_text.hpp>
#include <laminate/io/onnx/structure.hpp>
#include <laminate/support/error.hpp>

#include <cctype>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate {

/// What was found in an ONNX file.
struct onnx_import {
  std::string source;   ///< the header, without what surrounds it
  safetensors weights;  ///< by the names of state_dict; a scaling of the input as the extras scaling.mean and .scale
  int layers = 0;
  std::vector<std::string> remarks;  ///< what is not as in the file
};

namespace detail {

/// (x − mean) / scale right after the input, as `save_onnx` writes it, is no layer: it is kept beside the model.
/// Answers with the extras.
inline extras take_scaling(onnx_contents& read) {
  auto const reads = [&](int i) {
    std::vector<int> all;
    for (int p = 0; p < static_cast<int>(read.parts.size()); ++p)
      if (std::ranges::count(read.parts[static_cast<std::size_t>(p)].inputs, i) > 0) all.push_back(p);
    return all;
  };
  // value = x op c, with c a number or one for each channel
  auto const constant_of = [&](onnx_part const& part, std::string_view does) -> std::vector<float> {
    formula const& f = part.value;
    if (part.is != onnx_part::pointwise || part.inputs.size() != 1 || f.size() != 3 || f[2].does != does) return {};
    if (f[f[2].of[0]].is != formula_step::argument) return {};
    formula_step const& c = f[f[2].of[1]];
    auto values = c.is == formula_step::number      ? std::vector{static_cast<float>(c.value)}
                  : c.is == formula_step::parameter ? part.parameter->values
                                                    : std::vector<float>{};
    if (values.size() == 1) values.resize(static_cast<std::size_t>(part.out.channels), values[0]);
    return values;
  };
  std::vector<int> const first = reads(0);
  if (first.size() != 1) return {};
  std::vector<int> const second = reads(first[0]);
  if (second.size() != 1 || read.output == first[0]) return {};
  auto const& [subtracts, divides] = std::pair(first[0], second[0]);
  extras found{{"scaling.mean", constant_of(read.parts[static_cast<std::size_t>(subtracts)], "Sub")},
               {"scaling.scale", constant_of(read.parts[static_cast<std::size_t>(divides)], "Div")}};
  if (found["scaling.mean"].empty() || found["scaling.scale"].empty()) return {};
  for (auto& part : read.parts)
    for (int& input : part.inputs)
      if (input == divides) input = 0;
  if (read.output == divides) read.output = 0;
  read.remarks.push_back("the input is to be scaled first, by the extras scaling.mean and scaling.scale");
  return found;
}

}  // namespace detail

/// Reads the network of an ONNX file. Residual blocks, concatenations, activations written as several nodes and
/// additions that are a bias are recognised; pointwise operators without a word become formulas. Throws `error`, which
/// names the file, the node and the reason, for everything that cannot be said in Laminate's words, and for a file that
/// is damaged or cut off.
inline onnx_import read_onnx_network(std::filesystem::path const& path) {
  std::string const file = path.string();
  onnx::ModelProto const model = read_onnx(path);
  onnx_contents read = read_parts(file, model);
  shape const input = read.parts[0].out;
  extras const scaling = detail::take_scaling(read);
  onnx_flow const flow = combine_formulas(std::move(read.parts), read.output);
  network_text network = structure_of(flow, read.output);
  onnx_import made{detail::network_source(input, network), {}, network.layers, std::move(read.remarks)};
  for (auto const& tensor : network.tensors)
    made.weights.tensors.push_back(store_tensor<float>(tensor.name, tensor.shape, tensor.values));
  for (auto const& [name, values] : scaling)
    made.weights.tensors.push_back(
        store_tensor<float>(std::string(extra_prefix) + name, {static_cast<int>(values.size())}, values));
  made.weights.metadata = {{"format", "pt"}, {"laminate.kind", "model"}, {"laminate.version", version}};
  for (auto const& [key, text] : read.metadata) made.weights.metadata[std::string(note_prefix) + key] = text;
  seal(made.weights);
  return made;
}

/// Writes name.hpp with the network's type `name::Net` and its own activations, and name.safetensors for `load`, each
/// whole or not at all. Throws `error` as `read_onnx_network` does, and where `name` is no identifier.
inline onnx_import import_onnx(std::filesystem::path const& model, std::filesystem::path const& folder,
                               std::string const& name) {
  bool const is_identifier =
      !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
      std::ranges::all_of(name, [](unsigned char c) { return c < 128 && (std::isalnum(c) || c == '_'); });
  if (!is_identifier) throw error("\"" + name + "\" is no name for a header and its namespace: letters, digits and _");
  onnx_import made = read_onnx_network(model);
  std::string about = "// Made by import_onnx of " + detail::shown(model.filename().string()) +
                      ": the network whose weights are in " + name + ".safetensors.\n";
  for (auto const& remark : made.remarks) about += "// In the file it is different: " + remark + ".\n";
  write_safetensors(folder / (name + ".safetensors"), made.weights);
  write_atomically(folder / (name + ".hpp"), about + "#pragma once\n\n#include <laminate/layers.hpp>\n\nnamespace " +
                                                 name + " {\n\nusing namespace laminate;\n\n" + made.source +
                                                 "\n}  // namespace " + name + "\n");
  return made;
}

}  // namespace laminate
