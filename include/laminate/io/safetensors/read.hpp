// Reads a safetensors file (https://huggingface.co/docs/safetensors), every byte of it checked before it is
// used.
#pragma once

#include <laminate/io/safetensors/header.hpp>
#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/support/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace laminate {

namespace detail {

/// A file that is read forward; its size is known, so that nothing is allocated for bytes that are not there.
class sized_file {
 public:
  explicit sized_file(std::filesystem::path const& path) : name_(path.string()) {
    std::error_code failure;
    auto const status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status)) throw error(name_, "no such file");
    if (!std::filesystem::is_regular_file(status)) throw error(name_, "is not a regular file");
    size_ = std::filesystem::file_size(path, failure);
    stream_.open(path, std::ios::binary);
    if (failure || !stream_) throw error(name_, "cannot be opened");
  }

  std::string const& name() const { return name_; }
  std::uint64_t size() const { return size_; }

  void read(void* to, std::uint64_t bytes) {
    stream_.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
    if (static_cast<std::uint64_t>(stream_.gcount()) != bytes) throw error(name_, "cannot be read to its end");
  }

 private:
  std::string name_;
  std::uint64_t size_ = 0;
  std::ifstream stream_;
};

/// Eight bytes of length, then the text.
inline std::string read_header_text(sized_file& file) {
  std::uint64_t bytes = 0;
  if (file.size() < 8) throw error(file.name(), file.size(), "8 bytes of header length", "the end of the file");
  file.read(&bytes, 8);
  if (bytes > safetensors_most_header_bytes)
    throw error(file.name(), 0, "a header of at most " + std::to_string(safetensors_most_header_bytes) + " bytes",
                std::to_string(bytes));
  if (bytes > file.size() - 8)
    throw error(file.name(), file.size(), "a header of " + std::to_string(bytes) + " bytes", "the end of the file");
  std::string text(static_cast<std::size_t>(bytes), ' ');
  file.read(text.data(), bytes);
  return text;
}

}  // namespace detail

/// The tensors in the order of the file, and its metadata. Throws `error`, which names the file, the byte and
/// the tensor, for a file that is missing, truncated, too long, or not as the format says; numbers other than
/// F32, F64 and I64 too.
inline safetensors read_safetensors(std::filesystem::path const& path) {
  detail::sized_file file(path);
  std::string const text = detail::read_header_text(file);
  safetensors content;
  for (auto& entry : header_reader(file.name(), text, file.size() - 8 - text.size()).read(content.metadata)) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(entry.end - entry.begin));
    file.read(bytes.data(), bytes.size());
    content.tensors.push_back({std::move(entry.name), entry.type, std::move(entry.shape), std::move(bytes)});
  }
  return content;
}

}  // namespace laminate
