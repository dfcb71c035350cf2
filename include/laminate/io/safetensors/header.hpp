// The header of a safetensors file: JSON text into checked facts about each tensor.
#pragma once

#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
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
  header_reader(std::string file, std::string_view text, std::uint64_t data_bytes)
      : file_(std::move(file)), text_(text), data_bytes_(data_bytes) {}

  /// The tensors in the order of their bytes: no hole, no overlap, nothing left over.
  std::vector<tensor_entry> read(std::map<std::string, std::string>& metadata) {
    std::vector<tensor_entry> entries;
    nlohmann::json const header = parse();
    for (auto const& [name, value] : header.items())
      if (name == "__metadata__")
        read_metadata(value, metadata);
      else
        entries.push_back(read_entry(name, value));
    std::ranges::sort(entries, {}, [](tensor_entry const& e) { return std::pair(e.begin, e.end); });
    check_that_they_fill_the_file(entries);
    return entries;
  }

 private:
  using json = nlohmann::json;

  nlohmann::json parse() {
    if (!text_.starts_with('{'))
      throw error(file_, 8, "'{', where the header of a safetensors file begins", "none");
    // The parser keeps the last of equal keys, the format forbids them.
    std::map<int, std::set<std::string>> seen;
    auto const check = [&](int depth, json::parse_event_t event, json& parsed) {
      if (depth > 3) throw error(file_, 8, "a header nested 3 deep", "more");
      if (event == json::parse_event_t::object_start) seen[depth + 1].clear();
      if (event != json::parse_event_t::key) return true;
      std::string const key = parsed.get<std::string>();
      if (!seen[depth].insert(key).second)
        throw error(file_, byte_of(key), "a key once", "\"" + key + "\" twice");
      return true;
    };
    try {
      return json::parse(text_, check);
    } catch (json::parse_error const& failure) {
      throw error(file_, 7 + std::max<std::uint64_t>(failure.byte, 1), "a header in JSON", failure.what());
    } catch (json::exception const& failure) {
      throw error(file_, 8, "a header in JSON", failure.what());
    }
  }

  void read_metadata(json const& value, std::map<std::string, std::string>& metadata) const {
    if (!value.is_object()) refuse("__metadata__", "an object", value);
    for (auto const& [key, text] : value.items()) {
      if (!text.is_string()) refuse("__metadata__", "text for \"" + key + "\"", text);
      metadata[key] = text.template get<std::string>();
    }
  }

  tensor_entry read_entry(std::string const& name, json const& value) const {
    if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
        !value.contains("data_offsets"))
      refuse(name, "an object of dtype, shape and data_offsets", value);
    tensor_entry entry{
        .name = name, .type = read_type(name, value["dtype"]), .shape = read_shape(name, value["shape"])};
    json const& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      refuse(name, "two offsets", offsets);
    entry.begin = offsets[0].get<std::uint64_t>();
    entry.end = offsets[1].get<std::uint64_t>();
    auto const bytes = byte_count(entry.type, entry.shape);
    if (!bytes || entry.begin > entry.end || entry.end - entry.begin != *bytes)
      refuse(name, bytes ? "offsets that are " + std::to_string(*bytes) + " bytes apart" : "a smaller shape",
             offsets);
    return entry;
  }

  number_type read_type(std::string const& name, json const& value) const {
    auto const known =
        std::ranges::find_if(number_type_names, [&](std::string_view type) { return value == type; });
    if (known == number_type_names.end()) refuse(name, "a dtype of F32, F64 or I64", value);
    return static_cast<number_type>(known - number_type_names.begin());
  }

  std::vector<int> read_shape(std::string const& name, json const& value) const {
    if (!value.is_array()) refuse(name, "a list as shape", value);
    std::vector<int> shape;
    for (json const& size : value) {
      if (!size.is_number_unsigned() || size.get<std::uint64_t>() > std::numeric_limits<int>::max())
        refuse(name, "sizes of 0..2^31-1", size);
      shape.push_back(size.get<int>());
    }
    return shape;
  }

  void check_that_they_fill_the_file(std::vector<tensor_entry> const& entries) const {
    std::uint64_t const start = 8 + text_.size();
    std::uint64_t next = 0;
    for (auto const& entry : entries) {
      if (entry.begin != next)
        throw error(file_, start + std::min(next, data_bytes_),
                    "tensor \"" + entry.name + "\" to follow here without hole or overlap",
                    "its offset " + std::to_string(entry.begin) + " instead of " + std::to_string(next));
      if (entry.end > data_bytes_)
        throw error(
            file_, start + data_bytes_,
            std::to_string(entry.end - entry.begin) + " bytes of tensor \"" + entry.name + "\"",
            "the end of the file after " + std::to_string(data_bytes_ - std::min(entry.begin, data_bytes_)));
      next = entry.end;
    }
    if (next != data_bytes_)
      throw error(file_, start + next, "the end of the file after the last tensor",
                  std::to_string(data_bytes_ - next) + " bytes more");
  }

  [[noreturn]] void refuse(std::string const& name, std::string const& expected, json const& found) const {
    // Foreign text is shown in part, and may be no UTF-8.
    std::string const text = found.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 80);
    throw error(file_, byte_of(name), expected + " for tensor \"" + name + "\"", text);
  }

  /// Of the key's first mention, which is the key itself unless a text before it says the same.
  std::uint64_t byte_of(std::string const& key) const {
    auto const at = text_.find('"' + key + '"');
    return 8 + (at == std::string_view::npos ? 0 : at);
  }

  std::string file_;
  std::string_view text_;
  std::uint64_t data_bytes_;
};

}  // namespace laminate
