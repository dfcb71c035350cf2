// The library's one exception type: what is wrong, where, what was expected and what was found.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace laminate {

/// Everything the library throws at run time. A file is named as its user named it; bytes count from 0.
struct error : std::runtime_error {
  using std::runtime_error::runtime_error;

  /// "weights.npz: no such file"
  error(std::string const& file, std::string const& reason) : std::runtime_error(file + ": " + reason) {}

  /// "labels.gz: byte 8: expected a label of 0..9, found 10"
  error(std::string const& file, std::uint64_t byte, std::string const& expected, std::string const& found)
      : std::runtime_error(file + ": byte " + std::to_string(byte) + ": expected " + expected + ", found " + found) {}
};

}  // namespace laminate
