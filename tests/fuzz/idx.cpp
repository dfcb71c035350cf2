// IDX images and labels, plain or gzipped.
#include "fuzz.hpp"

#include <laminate/data/idx.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  fuzz::memory_file const file(data, size);
  fuzz::attempt(file.path, [&] {
    auto const images = laminate::read_idx_images(file.path);
    fuzz::require(images.pixels.size() == static_cast<std::size_t>(images.count) * images.rows * images.columns,
                  "a byte for each pixel");
  });
  fuzz::attempt(file.path, [&] { laminate::read_idx_labels(file.path); });
  return 0;
}
