// Writes a safetensors file (https://huggingface.co/docs/safetensors), whole or not at all.
#pragma once

#include <laminate/io/atomic_file.hpp>
#include <laminate/io/safetensors/header.hpp>
#include <laminate/io/safetensors/json.hpp>
#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace laminate {

namespace detail {

/// Larger numbers first, so that all lie on a multiple of their size; the order is kept otherwise.
inline std::vector<stored_tensor const*> in_file_order(std::vector<stored_tensor> const& tensors) {
  std::vector<stored_tensor const*> order;
  for (std::size_t const size : {8, 4})
    for (auto const& tensor : tensors)
      if (bytes_of(tensor.type) == size) order.push_back(&tensor);
  return order;
}

/// object[name] = value, which is handed over; both texts must be UTF-8, without a zero.
inline void put(std::string const& file, json_t* object, std::string const& name, json_t* value) {
  bool const whole = name.find('\0') == std::string::npos;
  if (!whole) json_decref(value);
  if (!whole || json_object_set_new(object, name.c_str(), value) != 0)
    throw error(file, "a name or a text is not UTF-8: \"" + name + "\" or what it stands for");
}

inline std::string header_text(std::string const& file, std::vector<stored_tensor const*> const& tensors,
                               safetensors const& content) {
  json_owner const header(json_object());
  if (!content.metadata.empty()) {
    json_t* const metadata = json_object();
    put(file, header.get(), "__metadata__", metadata);
    for (auto const& [name, text] : content.metadata) put(file, metadata, name, json_stringn(text.data(), text.size()));
  }
  std::uint64_t offset = 0;
  for (auto const* tensor : tensors) {
    std::string_view const type = number_type_names[static_cast<std::size_t>(tensor->type)];
    json_t *const entry = json_object(), *const shape = json_array(), *const offsets = json_array();
    put(file, header.get(), tensor->name, entry);
    put(file, entry, "dtype", json_stringn(type.data(), type.size()));
    put(file, entry, "shape", shape);
    for (int const size : tensor->shape) json_array_append_new(shape, json_integer(size));
    put(file, entry, "data_offsets", offsets);
    json_array_append_new(offsets, json_integer(static_cast<json_int_t>(offset)));
    offset += tensor->bytes.size();
    json_array_append_new(offsets, json_integer(static_cast<json_int_t>(offset)));
  }
  std::string text = text_of(header.get());
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

inline void check_tensors(std::string const& file, std::vector<stored_tensor> const& tensors) {
  std::vector<std::string_view> names{"__metadata__"};
  for (auto const& tensor : tensors) names.push_back(tensor.name);
  std::sort(names.begin(), names.end());
  for (std::size_t i = 1; i < names.size(); ++i)
    if (names[i] == names[i - 1]) throw error(file, "cannot hold two tensors \"" + std::string(names[i]) + "\"");
  for (auto const& tensor : tensors)
    if (byte_count(tensor.type, tensor.shape) != tensor.bytes.size())
      throw error(file, "tensor \"" + tensor.name + "\" has " + std::to_string(tensor.bytes.size()) +
                            " bytes, which its shape does not say");
}

}  // namespace detail

/// Replaces `path` once everything is on disk. Throws `error` and leaves `path` as it was for tensors of
/// equal names, of other sizes than their shape, names that are not UTF-8, and failures of the disk.
inline void write_safetensors(std::filesystem::path const& path, safetensors const& content) {
  detail::check_tensors(path.string(), content.tensors);
  auto const tensors = detail::in_file_order(content.tensors);
  std::string const text = detail::header_text(path.string(), tensors, content);
  if (text.size() > safetensors_most_header_bytes) throw error(path.string(), "its header would be over 100 MB");
  std::uint64_t const length = text.size();
  atomic_file file(path);
  file.write(&length, sizeof length);
  file.write(text.data(), text.size());
  for (auto const* tensor : tensors) file.write(tensor->bytes.data(), tensor->bytes.size());
  file.commit();
}

}  // namespace laminate
