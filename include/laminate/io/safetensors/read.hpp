// Reads a safetensors file (https://huggingface.co/docs/safetensors), every byte of its header checked before it is
// used.
#pragma once

#include <laminate/io/safetensors/header.hpp>
#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/input_file.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace laminate {

namespace detail {

/// Eight bytes of length, then the text.
inline std::string_view header_text(input_file& file) {
  std::uint64_t length = 0;
  std::uint64_t size = file.bytes(8).size();
  if (size < 8) throw error(file.name(), size, "8 bytes of header length", "the end of the file");
  std::memcpy(&length, file.bytes(8).data(), 8);
  if (std::string_view(reinterpret_cast<char const*>(file.bytes(8).data()), 4) == "PK\x03\x04")
    throw error(file.name(), 0, "the length of a safetensors header", "a zip archive, as .npz and .pt files are");
  if (length > safetensors_most_header_bytes)
    throw error(file.name(), 0, "a header of at most " + std::to_string(safetensors_most_header_bytes) + " bytes",
                std::to_string(length));
  size = file.bytes(8 + length).size();
  if (length > size - 8)
    throw error(file.name(), size, "a header of " + std::to_string(length) + " bytes", "the end of the file");
  return {reinterpret_cast<char const*>(file.bytes(8 + length).data()) + 8, static_cast<std::size_t>(length)};
}

}  // namespace detail

/// The tensors in the order of the file, and its metadata. Tensors of a regular file are views into it, which is mapped
/// as long as one of them is there: what is not looked at is not read, and nothing is copied. A pipe is read. Throws
/// `error`, which names the file, the byte and the tensor, for a file that is missing, truncated, too long, or not as
/// the format says; numbers other than F32, F64 and I64 too.
inline safetensors read_safetensors(std::filesystem::path const& path) {
  input_file file(path);
  safetensors content;
  std::string const text(detail::header_text(file));
  header_reader reader(file.name(), text);
  auto entries = reader.read(content.metadata);
  // A byte more than there should be: where a pipe does not end, it is too long.
  std::uint64_t const start = 8 + text.size(), end = entries.empty() ? 0 : entries.back().end;
  shared_bytes const whole = file.bytes(start + end + 1);
  reader.check_that_they_fill(entries, whole.size() - start);
  for (auto& entry : entries)
    content.tensors.push_back(
        {std::move(entry.name), entry.type, std::move(entry.shape),
         whole.part(static_cast<std::size_t>(start + entry.begin), static_cast<std::size_t>(entry.end - entry.begin))});
  return content;
}

}  // namespace laminate
