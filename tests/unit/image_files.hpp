// PNGs and JPEGs for tests, written by the libraries themselves.
#pragma once

#include <laminate/data/image/decoded_image.hpp>

#include <cstdio>

#include <jpeglib.h>
#include <png.h>

#include <cstdlib>
#include <string>

namespace tests {

/// `palette` or 16 bits have grey values only; `alpha` of 77 everywhere.
struct png_options {
  bool interlaced = false, sixteen_bits = false, alpha = false, palette = false;
};

inline std::string png_of(laminate::decoded_image const& image, png_options const& how = {}) {
  std::string file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &file,
      [](png_structp at, png_bytep bytes, std::size_t size) {
        static_cast<std::string*>(png_get_io_ptr(at))->append(reinterpret_cast<char*>(bytes), size);
      },
      nullptr);
  int const kind = how.palette                        ? PNG_COLOR_TYPE_PALETTE
                   : image.channels == 3 && how.alpha ? PNG_COLOR_TYPE_RGB_ALPHA
                   : image.channels == 3              ? PNG_COLOR_TYPE_RGB
                   : how.alpha                        ? PNG_COLOR_TYPE_GRAY_ALPHA
                                                      : PNG_COLOR_TYPE_GRAY;
  png_set_IHDR(png, info, static_cast<png_uint_32>(image.width), static_cast<png_uint_32>(image.height),
               how.sixteen_bits ? 16 : 8, kind, how.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (how.palette) {  // colour i is (i, 255 - i, 7)
    png_color colours[256];
    for (int i = 0; i < 256; ++i) colours[i] = {static_cast<png_byte>(i), static_cast<png_byte>(255 - i), 7};
    png_set_PLTE(png, info, colours, 256);
    png_byte transparent[2] = {0, 100};
    png_set_tRNS(png, info, transparent, 2, nullptr);
  }
  png_write_info(png, info);
  int const passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass)
    for (int y = 0; y < image.height; ++y) {
      std::string row;
      for (int x = 0; x < image.width; ++x) {
        for (int c = 0; c < image.channels; ++c)
          row.append(how.sixteen_bits ? 2 : 1, static_cast<char>(image.row(y)[x * image.channels + c]));
        if (how.alpha) row.append(how.sixteen_bits ? 2 : 1, static_cast<char>(77));
      }
      png_write_row(png, reinterpret_cast<png_bytep>(row.data()));
    }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return file;
}

inline std::string jpeg_of(laminate::decoded_image const& image, int quality = 95, bool progressive = false) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &bytes, &size);
  jpeg.image_width = static_cast<JDIMENSION>(image.width), jpeg.image_height = static_cast<JDIMENSION>(image.height);
  jpeg.input_components = image.channels;
  jpeg.in_color_space = image.channels == 4 ? JCS_CMYK : image.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  if (progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < image.height; ++y) {
    auto* row = const_cast<unsigned char*>(image.row(y));
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::string const file(reinterpret_cast<char*>(bytes), size);
  jpeg_destroy_compress(&jpeg);
  std::free(bytes);
  return file;
}

}  // namespace tests
