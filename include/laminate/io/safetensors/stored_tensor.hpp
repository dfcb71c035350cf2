// Named tensors as they lie in a file: their shape, their type of number, and their bytes.
#pragma once

#include <laminate/support/error.hpp>
#include <laminate/support/shared_bytes.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace laminate {

static_assert(std::endian::native == std::endian::little, "the format is little-endian, and copied as it is");

enum class number_type : unsigned char { f32, f64, i64 };
inline constexpr std::array<std::string_view, 3> number_type_names{"F32", "F64", "I64"};
constexpr std::size_t bytes_of(number_type type) { return type == number_type::f32 ? 4 : 8; }

/// A tensor as in a file: row-major; an empty shape is a single number. What was read from a file may be a view into
/// it.
struct stored_tensor {
  std::string name;
  number_type type = number_type::f32;
  std::vector<int> shape;
  shared_bytes bytes;

  bool operator==(stored_tensor const&) const = default;
};

/// The bytes of a tensor; nothing where a size is negative or the product leaves 64 bits.
inline std::optional<std::uint64_t> byte_count(number_type type, std::vector<int> const& shape) {
  std::uint64_t bytes = bytes_of(type);
  for (int const size : shape)
    if (size < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes)) return {};
  return bytes;
}

/// The content of a file. Writing puts tensors of 8-byte numbers first, which aligns all of them.
struct safetensors {
  std::vector<stored_tensor> tensors;
  std::map<std::string, std::string> metadata;

  bool operator==(safetensors const&) const = default;
};

namespace detail {

template<class T, class U> std::vector<T> convert_numbers(stored_tensor const& from) {
  std::vector<T> to(from.bytes.size() / sizeof(U));
  for (std::size_t i = 0; i < to.size(); ++i) {
    U value;
    std::memcpy(&value, from.bytes.data() + i * sizeof(U), sizeof(U));
    if constexpr (std::is_floating_point_v<U>)
      if (std::isfinite(value) && std::abs(value) > std::numeric_limits<T>::max())
        throw error("tensor " + from.name, "number " + std::to_string(i) + " is too large to be read as float");
    to[i] = static_cast<T>(value);
  }
  return to;
}

}  // namespace detail

/// T is float, double or std::int64_t.
template<class T> stored_tensor store_tensor(std::string name, std::vector<int> shape, std::span<T const> values) {
  constexpr auto type = std::is_same_v<T, float>    ? number_type::f32
                        : std::is_same_v<T, double> ? number_type::f64
                                                    : number_type::i64;
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int64_t>);
  auto const bytes = std::as_bytes(values);
  return {std::move(name), type, std::move(shape), std::vector<std::byte>(bytes.begin(), bytes.end())};
}

/// The numbers as float or double, rounded where the file has more digits. Throws `error` for one beyond T's
/// range.
template<class T> std::vector<T> numbers_of(stored_tensor const& tensor) {
  switch (tensor.type) {
    case number_type::f32: return detail::convert_numbers<T, float>(tensor);
    case number_type::f64: return detail::convert_numbers<T, double>(tensor);
    default: return detail::convert_numbers<T, std::int64_t>(tensor);
  }
}

/// The numbers as they lie in the tensor, without a copy. Nothing where they are not T's, or not on a multiple of their
/// size.
template<class T> std::optional<std::span<T const>> numbers_in_place(stored_tensor const& tensor) {
  auto const type = std::is_same_v<T, float> ? number_type::f32 : number_type::f64;
  if (tensor.type != type || reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(T) != 0) return {};
  return std::span(reinterpret_cast<T const*>(tensor.bytes.data()), tensor.bytes.size() / sizeof(T));
}

}  // namespace laminate
