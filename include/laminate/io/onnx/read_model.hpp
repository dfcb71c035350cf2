// An ONNX file as it was written by anyone: parsed by protobuf, and its names and numbers checked before they are used.
#pragma once

#include <laminate/support/error.hpp>
#include <laminate/support/input_file.hpp>

#include <onnx/onnx_pb.h>

#include <cctype>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

/// The numbers of a file's constant: floats, or whole numbers where it holds those.
struct onnx_constant {
  std::vector<int> shape;
  std::vector<float> values;
  std::vector<std::int64_t> whole;
};

namespace detail {

/// Foreign text in a message: a little of it, and no control characters.
inline std::string shown(std::string text) {
  if (text.size() > 80) text = text.substr(0, 80) + "…";
  for (char& c : text)
    if (std::iscntrl(static_cast<unsigned char>(c))) c = '?';
  return '"' + text + '"';
}

/// `values` of a type as they lie in raw bytes, or in the field of their type.
template<class Number, class Field>
std::vector<Number> numbers_in(std::string const& at, onnx::TensorProto const& tensor, std::uint64_t count,
                               Field const& field) {
  std::uint64_t const found = tensor.has_raw_data() ? tensor.raw_data().size() : field.size() * sizeof(Number);
  if (found != count * sizeof(Number))
    throw error(at + " has " + std::to_string(found) + " bytes, and its shape says " +
                std::to_string(count * sizeof(Number)));
  if (!tensor.has_raw_data()) return {field.begin(), field.end()};
  std::vector<Number> numbers(static_cast<std::size_t>(count));
  if (count > 0) std::memcpy(numbers.data(), tensor.raw_data().data(), static_cast<std::size_t>(found));
  return numbers;
}

}  // namespace detail

/// Throws `error` for numbers other than FLOAT, DOUBLE, INT32 and INT64, for numbers in another file, and where there
/// are more or fewer than the shape says. `at` begins the message.
inline onnx_constant read_constant(std::string const& at, onnx::TensorProto const& tensor) {
  onnx_constant read;
  std::uint64_t count = 1;
  for (std::int64_t const size : tensor.dims()) {
    if (size < 0 || size > std::numeric_limits<int>::max() ||
        __builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count) || count > std::uint64_t{1} << 31)
      throw error(at + " has no sound shape");
    read.shape.push_back(static_cast<int>(size));
  }
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL)
    throw error(at + " has its numbers in another file: save the model with all of them inside");
  switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT:
      read.values = detail::numbers_in<float>(at, tensor, count, tensor.float_data());
      break;
    case onnx::TensorProto::DOUBLE:
      for (double const value : detail::numbers_in<double>(at, tensor, count, tensor.double_data()))
        read.values.push_back(static_cast<float>(value));
      break;
    case onnx::TensorProto::INT64:
      read.whole = detail::numbers_in<std::int64_t>(at, tensor, count, tensor.int64_data());
      break;
    case onnx::TensorProto::INT32:
      for (std::int32_t const value : detail::numbers_in<std::int32_t>(at, tensor, count, tensor.int32_data()))
        read.whole.push_back(value);
      break;
    default: {
      bool const known = onnx::TensorProto::DataType_IsValid(tensor.data_type());
      throw error(at + " has numbers of type " +
                  (known
                       ? onnx::TensorProto::DataType_Name(static_cast<onnx::TensorProto::DataType>(tensor.data_type()))
                       : std::to_string(tensor.data_type())) +
                  "; expected FLOAT, DOUBLE, INT32 or INT64");
    }
  }
  return read;
}

/// Throws `error` for a file that is missing, no ONNX model, damaged or cut off.
inline onnx::ModelProto read_onnx(std::filesystem::path const& path) {
  input_file file(path);
  constexpr int most = std::numeric_limits<int>::max();
  shared_bytes const content = file.bytes(std::uint64_t{most} + 1);
  if (content.size() > most) throw error(file.name(), "has over 2 GB, more than an ONNX file holds");
  onnx::ModelProto model;
  if (!model.ParseFromArray(content.data(), static_cast<int>(content.size())))
    throw error(file.name(), "is no ONNX model, damaged, or cut off");
  if (!model.has_graph()) throw error(file.name(), "is no ONNX model, or cut off: it has no graph");
  if (model.opset_import_size() == 0) throw error(file.name(), "is cut off, or too old: it names no set of operators");
  return model;
}

}  // namespace laminate
