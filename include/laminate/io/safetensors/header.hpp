// The header of a safetensors file: JSON text into checked facts about each tensor.
#pragma once

#include <laminate/io/safetensors/json.hpp>
#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate {

/// The format's own limit.
inline constexpr std::uint64_t safetensors_most_header_bytes = 100'000'000;

/// Where a tensor lies: bytes `begin` up to `end` of the part after the header.
struct tensor_entry {
  std::string name;
  number_type type{};
  std::vector<int> shape;
  std::uint64_t begin = 0, end = 0;
};

/// Reads the header's text, which begins at byte 8 of `file`; every error names the file, a byte, and the
/// tensor.
class header_reader {
 public:
  header_reader(std::string file, std::string_view text) : file_(std::move(file)), text_(text) {}

  /// The tensors in the order of their bytes.
  std::vector<tensor_entry> read(std::map<std::string, std::string>& metadata) {
    std::vector<tensor_entry> entries;
    json_owner const header = parse();
    for_each(header.get(), [&](std::string const& name, json_t const* value) {
      if (name == "__metadata__")
        read_metadata(value, metadata);
      else
        entries.push_back(read_entry(name, value));
    });
    std::sort(entries.begin(), entries.end(), [](tensor_entry const& a, tensor_entry const& b) {
      return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    return entries;
  }

  /// No hole, no overlap, nothing left over of the bytes after the header.
  void check_that_they_fill(std::vector<tensor_entry> const& entries, std::uint64_t data_bytes) const {
    std::uint64_t const start = 8 + text_.size();
    std::uint64_t next = 0;
    for (auto const& entry : entries) {
      if (entry.begin != next)
        throw error(file_, start + std::min(next, data_bytes),
                    "tensor \"" + entry.name + "\" to follow here without hole or overlap",
                    "its offset " + std::to_string(entry.begin) + " instead of " + std::to_string(next));
      if (entry.end > data_bytes)
        throw error(file_, start + data_bytes,
                    std::to_string(entry.end - entry.begin) + " bytes of tensor \"" + entry.name + "\"",
                    "the end of the file after " + std::to_string(data_bytes - std::min(entry.begin, data_bytes)));
      next = entry.end;
    }
    if (next != data_bytes)
      throw error(file_, start + next, "the end of the file after the last tensor",
                  std::to_string(data_bytes - next) + " bytes more");
  }

 private:
  static void for_each(json_t* object, auto&& use) {
    for (void* at = json_object_iter(object); at; at = json_object_iter_next(object, at))
      use(std::string(json_object_iter_key(at)), json_object_iter_value(at));
  }

  json_owner parse() {
    if (!text_.starts_with('{')) throw error(file_, 8, "'{', where the header of a safetensors file begins", "none");
    json_error_t failure{};
    json_owner header(json_loadb(text_.data(), text_.size(), JSON_REJECT_DUPLICATES, &failure));
    if (!header)
      throw error(file_, 7 + static_cast<std::uint64_t>(std::max(failure.position, 1)), "a header in JSON",
                  failure.text);
    return header;
  }

  void read_metadata(json_t const* value, std::map<std::string, std::string>& metadata) const {
    if (!json_is_object(value)) refuse("__metadata__", "an object", value);
    for_each(const_cast<json_t*>(value), [&](std::string key, json_t const* text) {
      if (!json_is_string(text)) refuse("__metadata__", "text for \"" + key + "\"", text);
      metadata[std::move(key)] = json_string_value(text);
    });
  }

  tensor_entry read_entry(std::string const& name, json_t const* value) const {
    json_t const* const dtype = json_object_get(value, "dtype");
    json_t const* const shape = json_object_get(value, "shape");
    json_t const* const offsets = json_object_get(value, "data_offsets");
    if (!dtype || !shape || !offsets || json_object_size(value) != 3)
      refuse(name, "an object of dtype, shape and data_offsets", value);
    tensor_entry entry{.name = name, .type = read_type(name, dtype), .shape = read_shape(name, shape)};
    json_t const *const begin = json_array_get(offsets, 0), *const end = json_array_get(offsets, 1);
    if (json_array_size(offsets) != 2 || !is_size(begin) || !is_size(end)) refuse(name, "two offsets", offsets);
    entry.begin = static_cast<std::uint64_t>(json_integer_value(begin));
    entry.end = static_cast<std::uint64_t>(json_integer_value(end));
    auto const bytes = byte_count(entry.type, entry.shape);
    if (!bytes || entry.begin > entry.end || entry.end - entry.begin != *bytes)
      refuse(name, bytes ? "offsets that are " + std::to_string(*bytes) + " bytes apart" : "a smaller shape", offsets);
    return entry;
  }

  static bool is_size(json_t const* value) { return json_is_integer(value) && json_integer_value(value) >= 0; }

  number_type read_type(std::string const& name, json_t const* value) const {
    std::string_view const said = json_is_string(value) ? json_string_value(value) : "";
    for (std::size_t type = 0; type < number_type_names.size(); ++type)
      if (said == number_type_names[type]) return static_cast<number_type>(type);
    refuse(name, "a dtype of F32, F64 or I64", value);
  }

  std::vector<int> read_shape(std::string const& name, json_t const* value) const {
    if (!json_is_array(value)) refuse(name, "a list as shape", value);
    std::vector<int> shape;
    for (std::size_t i = 0; i < json_array_size(value); ++i) {
      json_t const* const size = json_array_get(value, i);
      if (!is_size(size) || json_integer_value(size) > std::numeric_limits<int>::max())
        refuse(name, "sizes of 0..2^31-1", size);
      shape.push_back(static_cast<int>(json_integer_value(size)));
    }
    return shape;
  }

  [[noreturn]] void refuse(std::string const& name, std::string const& expected, json_t const* found) const {
    throw error(file_, byte_of(name), expected + " for tensor \"" + name + "\"", text_of(found).substr(0, 80));
  }

  /// Of the key's first mention, which is the key itself unless a text before it says the same.
  std::uint64_t byte_of(std::string const& key) const {
    auto const at = text_.find('"' + key + '"');
    return 8 + (at == std::string_view::npos ? 0 : at);
  }

  std::string file_;
  std::string_view text_;
};

}  // namespace laminate
