// PNG by libpng: the numbers as they are in the file, without the transparency.
#pragma once

#include <laminate/data/image/decoded_image.hpp>
#include <laminate/support/error.hpp>

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace laminate {

namespace detail {

/// libpng leaves its functions by longjmp, which runs no destructors: here none is between it and its setjmp.
class png_reader {
 public:
  explicit png_reader(std::span<std::byte const> file) : file_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &png_reader::fail, [](png_structp, char const*) {});
    if (png_) info_ = png_create_info_struct(png_);
    if (info_) png_set_read_fn(png_, this, &png_reader::read);
  }
  png_reader(png_reader const&) = delete;
  ~png_reader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  /// False where the file is damaged; then `reason` says how, at `offset`.
  bool read_header() {
    if (!info_) return std::snprintf(reason, sizeof reason, "no memory"), false;
    if (setjmp(png_jmpbuf(png_))) return false;
    png_read_info(png_, info_);
    width = png_get_image_width(png_, info_), height = png_get_image_height(png_, info_);
    packed_row_bytes = png_get_rowbytes(png_, info_);
    png_set_palette_to_rgb(png_);
    if (png_get_color_type(png_, info_) == PNG_COLOR_TYPE_GRAY && png_get_bit_depth(png_, info_) < 8)
      png_set_expand_gray_1_2_4_to_8(png_);
    png_set_scale_16(png_);
    png_set_strip_alpha(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    channels = png_get_channels(png_, info_);
    return true;
  }

  /// The rows and everything after them.
  bool read_rows(unsigned char** rows) {
    if (setjmp(png_jmpbuf(png_))) return false;
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

  std::size_t offset = 0, packed_row_bytes = 0;
  std::uint32_t width = 0, height = 0;
  int channels = 0;
  char reason[128] = "";

 private:
  static void read(png_structp png, png_bytep to, std::size_t size) {
    auto& self = *static_cast<png_reader*>(png_get_io_ptr(png));
    if (size > self.file_.size() - self.offset) {
      self.offset = self.file_.size();
      png_error(png, "the end of the file");
    }
    std::memcpy(to, self.file_.data() + self.offset, size);
    self.offset += size;
  }

  [[noreturn]] static void fail(png_structp png, char const* why) {
    auto& self = *static_cast<png_reader*>(png_get_error_ptr(png));
    std::snprintf(self.reason, sizeof self.reason, "%s", why);
    png_longjmp(png, 1);
  }

  std::span<std::byte const> file_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace detail

/// One or three channels; palettes are looked up, 16 bits made 8, and transparency is left out, as PIL's convert does.
/// Throws `error` with `name`, byte and reason for what is damaged or cut off, and for over 2^27 pixels.
inline decoded_image read_png(std::string const& name, std::span<std::byte const> file) {
  detail::png_reader reader(file);
  auto const refuse = [&] { throw error(name, reader.offset, "an intact PNG", reader.reason); };
  if (!reader.read_header()) refuse();
  std::uint64_t const size = std::uint64_t{reader.width} * reader.height;
  // Packing makes nothing smaller than a 1032nd (https://www.zlib.net/zlib_tech.html).
  bool const can_be_there = reader.packed_row_bytes * reader.height / 1032 <= file.size();
  if (size > most_image_pixels || !can_be_there)
    throw error(name, 16, "an image of at most 2^27 pixels that " + std::to_string(file.size()) + " bytes can hold",
                std::to_string(reader.width) + " × " + std::to_string(reader.height));
  if (reader.channels != 1 && reader.channels != 3)
    throw error(name, 25, "grey or colours", std::to_string(reader.channels) + " channels");
  std::size_t const row_bytes = std::size_t{reader.width} * static_cast<std::size_t>(reader.channels);
  decoded_image image{static_cast<int>(reader.width), static_cast<int>(reader.height), reader.channels,
                      std::vector<unsigned char>(row_bytes * reader.height)};
  std::vector<unsigned char*> rows(reader.height);
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = image.bytes.data() + y * row_bytes;
  if (!reader.read_rows(rows.data())) refuse();
  return image;
}

}  // namespace laminate
