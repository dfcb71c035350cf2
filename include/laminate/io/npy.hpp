// NPY, NumPy's format of one array: its header read and written, every byte of it checked before it is used.
#pragma once

#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/support/error.hpp>

#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate {

inline constexpr std::array<std::string_view, 3> npy_type_names{"<f4", "<f8", "<i8"};
/// NumPy's own limit (max_header_size of numpy.load).
inline constexpr std::size_t npy_most_header_bytes = 10'000;

/// What a header says; `bytes` is its own length, where the numbers begin.
struct npy_header {
  number_type type{};
  bool fortran_order = false;
  std::vector<int> shape;
  std::size_t bytes = 0;
};

/// Reads the header of "\x93NUMPY", a version, a length and a Python dictionary of descr, fortran_order and
/// shape (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). Errors name file and byte.
class npy_header_reader {
 public:
  npy_header_reader(std::string file, std::string_view content) : file_(std::move(file)), text_(content) {}

  npy_header read() {
    npy_header header;
    text_ = text_.substr(0, header.bytes = find_end());
    bool type = false, order = false, shape = false;
    expect('{');
    while (!next_is('}')) {
      std::size_t const at = at_;
      std::string_view const key = quoted();
      expect(':');
      if (key == "descr" && !std::exchange(type, true))
        header.type = read_type();
      else if (key == "fortran_order" && !std::exchange(order, true))
        header.fortran_order = read_bool();
      else if (key == "shape" && !std::exchange(shape, true))
        header.shape = read_shape();
      else
        fail(at, "descr, fortran_order and shape, once each", '\'' + std::string(key) + '\'');
      if (!next_is('}')) expect(',');
    }
    expect('}');
    skip();
    if (at_ < text_.size()) fail(at_, "the end of the header", shown());
    if (!type || !order || !shape) fail(10, "descr, fortran_order and shape", "less");
    return header;
  }

 private:
  std::size_t find_end() {
    if (!text_.starts_with("\x93NUMPY")) fail(0, "the first six bytes of an NPY array", "others");
    if (text_.size() < 10) fail(text_.size(), "the header of an NPY array", "the end");
    unsigned const format = byte(6);
    if (format < 1 || format > 3) fail(6, "version 1, 2 or 3 of the format", std::to_string(format));
    at_ = format == 1 ? 10 : 12;
    if (text_.size() < at_) fail(text_.size(), "the header of an NPY array", "the end");
    std::size_t length = byte(8) | byte(9) << 8;
    if (format > 1) length |= static_cast<std::size_t>(byte(10)) << 16 | static_cast<std::size_t>(byte(11)) << 24;
    if (length > npy_most_header_bytes)
      fail(8, "a header of at most " + std::to_string(npy_most_header_bytes) + " bytes", std::to_string(length));
    if (length > text_.size() - at_) fail(text_.size(), "a header of " + std::to_string(length) + " bytes", "the end");
    return at_ + length;
  }

  number_type read_type() {
    std::size_t const at = at_;
    std::string const type(quoted());
    for (std::size_t known = 0; known < npy_type_names.size(); ++known)
      if (type == npy_type_names[known]) return static_cast<number_type>(known);
    fail(at, "a descr of '<f4', '<f8' or '<i8'", '\'' + type + '\'');
  }

  bool read_bool() {
    skip();
    for (bool const value : {true, false}) {
      std::string_view const word = value ? "True" : "False";
      if (text_.substr(at_).starts_with(word)) return at_ += word.size(), value;
    }
    fail(at_, "True or False", shown());
  }

  std::vector<int> read_shape() {
    std::vector<int> shape;
    expect('(');
    while (!next_is(')')) {
      shape.push_back(number());
      if (!next_is(')') || shape.size() == 1) expect(',');  // (3,) is a shape, and (3) is not
    }
    expect(')');
    return shape;
  }

  int number() {
    skip();
    std::size_t const at = at_;
    std::int64_t value = 0;
    for (; at_ < text_.size() && std::isdigit(byte(at_)) && value <= std::numeric_limits<int>::max(); ++at_)
      value = 10 * value + (text_[at_] - '0');
    if (at_ == at || value > std::numeric_limits<int>::max()) fail(at, "a size of 0..2^31-1", shown());
    return static_cast<int>(value);
  }

  std::string_view quoted() {
    skip();
    std::size_t const end =
        at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"') ? text_.find(text_[at_], at_ + 1) : text_.npos;
    if (end == text_.npos) fail(at_, "a text in quotes", shown());
    std::string_view const text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return text;
  }

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool next_is(char c) {
    skip();
    return at_ < text_.size() && text_[at_] == c;
  }
  void expect(char c) {
    if (!next_is(c)) fail(at_, std::string("'") + c + '\'', shown());
    ++at_;
  }

  unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }
  /// What stands at the cursor: foreign text, so a little of it, and no control characters.
  std::string shown() const {
    if (at_ >= text_.size()) return "its end";
    std::string text(text_.substr(at_, 12));
    for (char& c : text)
      if (!std::isprint(static_cast<unsigned char>(c))) c = '?';
    return '"' + text + '"';
  }
  [[noreturn]] void fail(std::size_t at, std::string const& expected, std::string const& found) const {
    throw error(file_, at, expected, found);
  }

  std::string file_;
  std::string_view text_;
  std::size_t at_ = 0;
};

namespace detail {

/// Columns first → rows first.
inline std::vector<std::byte> to_row_major(shared_bytes const& from, std::vector<int> const& shape, std::size_t width) {
  std::vector<std::byte> to(from.size());
  std::vector<int> index(shape.size());
  for (std::size_t i = 0; i < from.size(); i += width) {
    std::size_t place = 0;
    for (std::size_t d = 0; d < shape.size(); ++d)
      place = place * static_cast<std::size_t>(shape[d]) + static_cast<std::size_t>(index[d]);
    std::memcpy(to.data() + place * width, from.data() + i, width);
    for (std::size_t d = 0; d < shape.size() && ++index[d] == shape[d]; ++d) index[d] = 0;
  }
  return to;
}

}  // namespace detail

/// The array that is the whole content of `file`; of columns first, turned into rows first.
inline stored_tensor tensor_from_npy(std::string const& file, std::string name, shared_bytes const& content) {
  std::string_view const text(reinterpret_cast<char const*>(content.data()), content.size());
  npy_header header = npy_header_reader(file, text).read();
  auto const bytes = byte_count(header.type, header.shape);
  auto const numbers = content.part(header.bytes, content.size() - header.bytes);
  if (!bytes || numbers.size() != *bytes)
    throw error(file, header.bytes, bytes ? std::to_string(*bytes) + " bytes of numbers" : "a smaller shape",
                std::to_string(numbers.size()));
  stored_tensor tensor{std::move(name), header.type, std::move(header.shape), numbers};
  if (header.fortran_order && tensor.shape.size() > 1)
    tensor.bytes = detail::to_row_major(numbers, tensor.shape, bytes_of(tensor.type));
  return tensor;
}

/// The header of a tensor's NPY array, as NumPy writes it: the numbers follow at a multiple of 64 bytes.
inline std::string npy_header_of(stored_tensor const& tensor) {
  std::string shape;
  for (int const size : tensor.shape) shape += std::to_string(size) + ", ";
  if (tensor.shape.size() > 1) shape.resize(shape.size() - 2);
  if (tensor.shape.size() == 1) shape.pop_back();
  std::string text = "{'descr': '" + std::string(npy_type_names[static_cast<std::size_t>(tensor.type)]) +
                     "', 'fortran_order': False, 'shape': (" + shape + "), }";
  text.resize((10 + text.size() + 1 + 63) / 64 * 64 - 11, ' ');
  text += '\n';
  std::string start("\x93NUMPY\x01", 7);
  start += '\0';
  start += static_cast<char>(text.size() & 0xff);
  start += static_cast<char>(text.size() >> 8);
  return start + text;
}

}  // namespace laminate
