// Reads IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist) and Fashion-MNIST, plain or gzipped.
#pragma once

#include <laminate/data/packed_file.hpp>
#include <laminate/support/error.hpp>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace laminate {

/// Grey images as stored: `pixels` is (count, rows, columns).
struct idx_images {
  int count = 0;
  int rows = 0;
  int columns = 0;
  std::vector<unsigned char> pixels;
};

namespace detail {

/// No file may ask for more than this; it keeps every product of dimensions within an int.
inline constexpr std::uint64_t idx_most_bytes = std::uint64_t{1} << 30;

inline void expect_idx_magic(packed_file& file, std::uint32_t dimensions) {
  auto const hexadecimal = [](std::uint32_t number) {
    char text[11];
    std::snprintf(text, sizeof text, "0x%08x", number);
    return std::string(text);
  };
  std::uint64_t const at = file.offset();
  // Two zeros, the type (8: unsigned bytes), the number of dimensions.
  std::uint32_t const magic = 0x0800 | dimensions, found = file.read_number("IDX magic number");
  if (found != magic) throw error(file.name(), at, "IDX magic number " + hexadecimal(magic), hexadecimal(found));
}

/// One size from the header, refused unless it and its product with those before stay within the limit.
inline int read_idx_size(packed_file& file, std::string const& what, std::uint64_t& product) {
  std::uint64_t const at = file.offset();
  std::uint64_t const found = file.read_number("number of " + what), most = idx_most_bytes / product;
  if (found < 1 || found > most)
    throw error(file.name(), at, "1.." + std::to_string(most) + " " + what, std::to_string(found));
  product *= found;
  return static_cast<int>(found);
}

}  // namespace detail

/// Throws `error` with file, byte, expected and found when the file is missing, damaged, too short or too
/// long.
inline idx_images read_idx_images(std::filesystem::path const& path) {
  packed_file file(path);
  detail::expect_idx_magic(file, 3);
  std::uint64_t bytes = 1;
  idx_images images;
  images.count = detail::read_idx_size(file, "images", bytes);
  images.rows = detail::read_idx_size(file, "rows", bytes);
  images.columns = detail::read_idx_size(file, "columns", bytes);
  images.pixels = file.read(bytes, "pixels");
  file.expect_end();
  return images;
}

/// The labels as stored, one byte each; the same errors.
inline std::vector<unsigned char> read_idx_labels(std::filesystem::path const& path) {
  packed_file file(path);
  detail::expect_idx_magic(file, 1);
  std::uint64_t bytes = 1;
  detail::read_idx_size(file, "labels", bytes);
  std::vector<unsigned char> labels = file.read(bytes, "labels");
  file.expect_end();
  return labels;
}

}  // namespace laminate
