// Writes a safetensors file (https://huggingface.co/docs/safetensors), whole or not at all.
#pragma once

#include <laminate/io/atomic_file.hpp>
#include <laminate/io/safetensors/header.hpp>
#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/support/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
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

inline std::string header_text(std::vector<stored_tensor const*> const& tensors, safetensors const& content) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  std::uint64_t offset = 0;
  for (auto const* tensor : tensors) {
    auto& entry = header[tensor->name];
    entry["dtype"] = number_type_names[static_cast<std::size_t>(tensor->type)];
    entry["shape"] = tensor->shape;
    entry["data_offsets"] = {offset, offset + tensor->bytes.size()};
    offset += tensor->bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

inline void check_tensors(std::string const& file, std::vector<stored_tensor> const& tensors) {
  std::set<std::string> names{"__metadata__"};
  for (auto const& tensor : tensors) {
    if (!names.insert(tensor.name).second)
      throw error(file, "cannot hold two tensors \"" + tensor.name + "\"");
    if (byte_count(tensor.type, tensor.shape) != tensor.bytes.size())
      throw error(file, "tensor \"" + tensor.name + "\" has " + std::to_string(tensor.bytes.size()) +
                            " bytes, which its shape does not say");
  }
}

}  // namespace detail

/// Replaces `path` once everything is on disk. Throws `error` and leaves `path` as it was for tensors of
/// equal names, of other sizes than their shape, names that are not UTF-8, and failures of the disk.
inline void write_safetensors(std::filesystem::path const& path, safetensors const& content) {
  detail::check_tensors(path.string(), content.tensors);
  auto const tensors = detail::in_file_order(content.tensors);
  std::string text;
  try {
    text = detail::header_text(tensors, content);
  } catch (nlohmann::json::exception const& failure) {
    throw error(path.string(), "a name or a text is not UTF-8: " + std::string(failure.what()));
  }
  if (text.size() > safetensors_most_header_bytes)
    throw error(path.string(), "its header would be over 100 MB");
  std::uint64_t const length = text.size();
  atomic_file file(path);
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(text);
  for (auto const* tensor : tensors) file.write(tensor->bytes);
  file.commit();
}

}  // namespace laminate
