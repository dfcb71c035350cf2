// freeze(checkpoint, folder, name): a checkpoint as source, for FrozenModel. CMake's laminate_embed_weights
// calls it.
#pragma once

#include <laminate/io/checkpoint/checksum.hpp>
#include <laminate/io/checkpoint/tensors.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/support/error.hpp>

#include <cctype>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace laminate {

namespace detail {

inline std::string identifier_of(std::string text) {
  for (char& c : text)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return text;
}

/// A text of a file as a literal: what is no letter, digit or blank is written by its number.
inline std::string literal_of(std::string const& text) {
  std::string literal = "\"";
  for (char const c : text) {
    char number[5];
    std::snprintf(number, sizeof number, "\\%03o", static_cast<unsigned char>(c));
    literal += std::isalnum(static_cast<unsigned char>(c)) || c == ' ' || c == '.' ? std::string(1, c) : number;
  }
  return literal + '"';
}

inline std::string frozen_entry(std::string const& file, stored_tensor const& tensor, std::size_t first) {
  if (tensor.shape.size() > 4) throw error(file, "tensor \"" + tensor.name + "\" has more than four dimensions");
  std::string sizes;
  for (int const size : tensor.shape) sizes += (sizes.empty() ? "" : ", ") + std::to_string(size);
  return "      laminate::frozen_tensor{" + literal_of(tensor.name) + ", " + std::to_string(tensor.shape.size()) +
         ", {" + sizes + "}, " + std::to_string(first) + "},\n";
}

inline std::string frozen_extra(std::string const& name, std::vector<float> const& values) {
  std::string list;
  for (float const v : values) {
    char number[32];
    std::snprintf(number, sizeof number, "%a", static_cast<double>(v));  // every bit of it
    list += (list.empty() ? "" : ", ") + std::string(number) + 'f';
  }
  return "  static constexpr std::array<float, " + std::to_string(values.size()) + "> " + identifier_of(name) + "{" +
         list + "};\n";
}

}  // namespace detail

/// Writes name.hpp, with a type `name` of the tensors' names, shapes and places, of the extras
/// ("scaling.mean" is `scaling_mean`) and notes; name.bin, all numbers as floats; and name.cpp, which makes
/// these a part of the program by the assembler's .incbin. An optimiser's buffers are left out. Throws
/// `error` like `load`.
inline void freeze(std::filesystem::path const& checkpoint, std::filesystem::path const& folder,
                   std::string const& name) {
  safetensors const content = read_safetensors(checkpoint);
  check_seal(checkpoint.string(), content);
  std::string entries, others;
  int count = 0;
  std::vector<float> numbers;
  for (auto const& tensor : content.tensors) {
    if (tensor.name.starts_with(optimizer_prefix) || tensor.name.starts_with(extra_prefix)) continue;
    entries += detail::frozen_entry(checkpoint.string(), tensor, numbers.size()), ++count;
    for (float const number : numbers_of<float>(checkpoint.string(), tensor)) numbers.push_back(number);
    numbers.resize((numbers.size() + 15) / 16 * 16);
  }
  for (auto const& [extra, values] : extras_of(checkpoint.string(), content))
    others += detail::frozen_extra(extra, values);
  for (auto const& [key, text] : content.metadata)
    if (key.starts_with(note_prefix))
      others += "  static constexpr std::string_view " + detail::identifier_of(key.substr(note_prefix.size())) + " = " +
                detail::literal_of(text) + ";\n";

  std::string const about = "// Made by laminate_embed_weights of " + checkpoint.filename().string() + "\n";
  std::filesystem::path const numbers_file = std::filesystem::absolute(folder / (name + ".bin"));
  write_atomically(numbers_file, numbers.data(), numbers.size() * sizeof(float));
  std::string const header = about + "#pragma once\n\n#include <laminate/model/frozen_model.hpp>\n\n" +
                             "extern \"C\" float const " + name + "_numbers[];\n\nstruct " + name +
                             " {\n  static constexpr std::array<laminate::frozen_tensor, " + std::to_string(count) +
                             "> tensors{\n" + entries + "  };\n  static float const* numbers() { return " + name +
                             "_numbers; }\n" + others + "};\n";
  write_atomically(folder / (name + ".hpp"), header.data(), header.size());
  std::string const source = about + "asm(\".section .rodata\\n.balign 64\\n.global " + name + "_numbers\\n" + name +
                             "_numbers:\\n.incbin \\\"" + numbers_file.string() + "\\\"\\n.byte 0\\n.text\\n\");\n";
  write_atomically(folder / (name + ".cpp"), source.data(), source.size());
}

}  // namespace laminate
