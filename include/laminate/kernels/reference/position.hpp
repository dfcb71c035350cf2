// Where an element lies in the plain arrays of the reference loops.
#pragma once

#include <laminate/describe/shape.hpp>

namespace laminate::kernels::reference {

/// Of a batch (n, channels, pixels), row-major; features have one pixel.
constexpr long position(shape s, int n, int c, int pixel) {
  return (static_cast<long>(n) * s.channels + c) * s.pixels() + pixel;
}

/// Of a batch of images (n, channels, height, width), row-major.
constexpr long position(shape s, int n, int c, int i, int j) { return position(s, n, c, i * s.width + j); }

/// Whether (i, j) lies in the image; outside it there is padding.
constexpr bool inside(shape s, int i, int j) { return i >= 0 && i < s.height && j >= 0 && j < s.width; }

}  // namespace laminate::kernels::reference
