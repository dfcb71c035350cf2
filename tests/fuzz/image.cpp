// PNG and JPEG.
#include "fuzz.hpp"

#include <laminate/data/image_folder.hpp>

#include <zlib.h>

#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace laminate;
  fuzz::attempt("image", [&] {
    decoded_image const image = decode_image("image", {reinterpret_cast<std::byte const*>(data), size});
    fuzz::require(image.bytes.size() == std::size_t(image.width) * image.height * image.channels, "a byte a number");
    for (int const channels : {1, 3})
      for (float const v : fit_image(image, {channels, 5, 4})) fuzz::require(v > -0.01f && v < 1.01f, "0..1");
  });
  return 0;
}

#ifdef LAMINATE_FUZZER
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

/// A PNG's checksums are made right: otherwise hardly anything that is changed would get past them.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (size < 8 || std::memcmp(data, "\x89PNG", 4) != 0 || seed % 8 == 0) return size;
  for (std::size_t at = 8; at + 12 <= size;) {
    std::size_t const length = std::size_t{data[at]} << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
    if (length > size - at - 12) break;
    auto const sum = ::crc32_z(0, data + at + 4, length + 4);
    for (std::size_t i = 0; i < 4; ++i) data[at + 8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
    at += 12 + length;
  }
  return size;
}
#endif
