// An input and what a network infers of it, as a file that compare.js and round_trip.cpp read.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/io/atomic_file.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace onnx_tests {

using namespace laminate;

inline constexpr int samples = 5;

inline std::string list_of(std::vector<double> const& numbers) {
  std::string text;
  for (double const number : numbers) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%s%.9g", text.empty() ? "" : ",", number);
    text += digits;
  }
  return "[" + text + "]";
}

inline void write_example(std::filesystem::path const& file, shape in, std::vector<double> const& x,
                          std::vector<double> const& y) {
  std::string sizes = std::to_string(samples) + "," + std::to_string(in.channels);
  if (in.is_image()) sizes += "," + std::to_string(in.height) + "," + std::to_string(in.width);
  write_atomically(file, "{\"shape\":[" + sizes + "],\n\"x\":" + list_of(x) + ",\n\"y\":" + list_of(y) + "}\n");
}

}  // namespace onnx_tests
