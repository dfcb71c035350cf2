// Rows of planar images with the zeros around them, near the registers: kernels that read them see no border.
#pragma once

#include <algorithm>
#include <laminate/describe/window.hpp>
#include <laminate/kernels/machine.hpp>

namespace laminate::kernels {

/// Rows [first, first + rows) and columns [−padding, columns − padding) of a plane, zero where outside.
template<class T>
void copy_padded(T const* plane, int height, int width, int first, int padding, int rows, int columns, T* to) {
  int const end = std::min(columns, padding + width);
  std::fill_n(to, rows * columns, T(0));
  for (int i = 0; i < rows; ++i, to += columns) {
    bool const inside_rows = first + i >= 0 && first + i < height && end > padding;
    if (inside_rows) std::copy_n(plane + static_cast<long>(first + i) * width, end - padding, to + padding);
  }
}

/// The rows of `planes` planes that a band of output rows of G reads, for `outputs` pixels of each.
template<class T, sliding G, int planes, int outputs> struct padded_lines {
  static constexpr int stride = G.how.stride, extent = G.how.extent();
  static constexpr int row = (outputs - 1) * stride + extent;
  static constexpr int most_rows = static_cast<int>(level_1_bytes / 2 / sizeof(T)) / (row * planes);
  static constexpr int band = std::clamp((most_rows - extent) / stride + 1, 1, G.out.height);
  static constexpr int plane = ((band - 1) * stride + extent) * row;

  alignas(64) T values[planes * plane];

  /// Those of output rows [top, end); x are the planes.
  void fill(T const* x, int top, int end) {
    for (int c = 0; c < planes; ++c)
      copy_padded(x + static_cast<long>(c) * G.in.pixels(), G.in.height, G.in.width, top * stride - G.how.padding,
                  G.how.padding, (end - top - 1) * stride + extent, row, values + c * plane);
  }
};

}  // namespace laminate::kernels
