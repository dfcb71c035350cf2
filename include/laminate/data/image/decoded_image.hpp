// An image as it comes from a file: bytes of one or three channels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace laminate {

/// Row by row, the channels of a pixel together: grey, or red, green and blue.
struct decoded_image {
  int width = 0, height = 0, channels = 0;
  std::vector<unsigned char> bytes;

  unsigned char const* row(int y) const {
    return bytes.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width * channels);
  }
};

/// What is larger is refused: it would take over 400 MB as bytes, and its file may have a few.
inline constexpr std::uint64_t most_image_pixels = std::uint64_t{1} << 27;

}  // namespace laminate
