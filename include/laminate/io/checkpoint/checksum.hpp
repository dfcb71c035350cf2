// A checksum over all of a file's content, so that a flipped bit is noticed wherever it is.
#pragma once

#include <laminate/io/safetensors.hpp>
#include <laminate/support/error.hpp>

#include <zlib.h>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace laminate {

inline constexpr char const* checksum_key = "laminate.crc32";

namespace detail {

/// CRC-32 (zlib's) of parts of any length; each one's length goes in first, so that none can pass for its
/// neighbours.
class checksum {
 public:
  void add(void const* data, std::size_t bytes) {
    std::uint64_t const length = bytes;
    add_raw(&length, sizeof length);
    if (length > 0) add_raw(data, bytes);
  }
  void add(std::string_view text) { add(text.data(), text.size()); }
  std::string text() const { return std::to_string(value_); }

 private:
  void add_raw(void const* data, std::size_t bytes) {
    value_ = ::crc32_z(value_, static_cast<unsigned char const*>(data), bytes);
  }
  unsigned long value_ = 0;
};

inline std::string checksum_of(safetensors const& content) {
  checksum sum;
  for (auto const& [key, text] : content.metadata)
    if (key != checksum_key) {
      sum.add(key);
      sum.add(text);
    }
  for (stored_tensor const* tensor : in_file_order(content.tensors)) {
    sum.add(tensor->name);
    sum.add(number_type_names[static_cast<std::size_t>(tensor->type)]);
    sum.add(tensor->shape.data(), tensor->shape.size() * sizeof(int));
    sum.add(tensor->bytes.data(), tensor->bytes.size());
  }
  return sum.text();
}

}  // namespace detail

/// Adds the checksum to the metadata, which is complete by then.
inline void seal(safetensors& content) { content.metadata[checksum_key] = detail::checksum_of(content); }

/// Throws `error` where the content is not what was sealed. Files of others have no checksum, and pass.
inline void check_seal(std::string const& file, safetensors const& content) {
  auto const found = content.metadata.find(checksum_key);
  if (found == content.metadata.end()) return;
  std::string const expected = detail::checksum_of(content);
  if (found->second != expected)
    throw error(file, 8, "a checksum of " + expected + " for what the file holds", found->second + ": it is damaged");
}

}  // namespace laminate
