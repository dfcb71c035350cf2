// A row of tiles on its way into Winograd's domain and out of it, one block of channels after the other.
#pragma once

#include <laminate/describe/algorithm.hpp>
#include <laminate/kernels/winograd/transform.hpp>

namespace laminate::kernels {

/// An image's block of channels, of which tiles are cut.
struct plane {
  int height = 0;
  int width = 0;
};

/// One line of zeros per column of a tile: what lies outside an image.
template<class T> alignas(64) inline constexpr T zero_line[6 * channel_block]{};

/// M·X·Mᵀ of the tile whose first row and column are `top` and `left`; what lies outside the image is zero.
/// to: one of the products' matrices after the other, `product` scalars apart.
template<class T, class Arch, class Matrix>
[[gnu::always_inline]] inline void transform_in(T const* x, plane of, int top, int left, T* to, long product) {
  constexpr int side = transform_plan<Matrix>::columns, results = transform_plan<Matrix>::rows;
  T const* line[side];
  for (int i = 0; i < side; ++i) {
    bool const inside = top + i >= 0 && top + i < of.height;
    line[i] = inside ? x + (static_cast<long>(top + i) * of.width + left) * channel_block : zero_line<T>;
  }
  transform_tile<Matrix, T, Arch>(
      [&](int i, int j) __attribute__((always_inline)) {
        bool const inside = left + j >= 0 && left + j < of.width;
        return load<T, Arch>((inside ? line[i] : zero_line<T>)+j * channel_block);
      },
      [&](int i, int j, vector<T, Arch> const& y)
          __attribute__((always_inline)) { store<T, Arch>(to + (i * results + j) * product, y); });
}

/// A row of `across` tiles of all channel blocks. Tile t begins at column t·step − padding. `to` is where the first
/// tile's channels go: [product][tile][channels].
template<class T, class Arch, class Matrix>
[[gnu::noinline]] void transform_row_in(T const* x, plane of, int blocks, int top, int step, int padding, int across,
                                        T* to, long product) {
  long const image = static_cast<long>(of.height) * of.width * channel_block;
  for (int b = 0; b < blocks; ++b)
    for (int t = 0; t < across; ++t)
      for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
        transform_in<T, Arch, Matrix>(x + b * image + lane, of, top, t * step - padding,
                                      to + (static_cast<long>(t) * blocks + b) * channel_block + lane, product);
}

/// Which row of tiles of which sample the n-th row of a unit is.
struct tile_row {
  int sample;
  int row;
};
constexpr tile_row tile_row_of(tiling const& by, int n) { return {n / by.down, n % by.down}; }

/// Rows of tiles [first, end) of a unit. `x(sample, row)` answers with the sample's image, in
/// which all that this row of tiles reads is there.
template<class T, class Arch, class Matrix, class Image>
void transform_rows_in(Image&& x, shape of, tiling const& by, int padding, int first, int end, T* to) {
  int const blocks = blocks_of(of.channels);
  for (int n = first; n < end; ++n, to += static_cast<long>(by.across) * blocks * channel_block) {
    auto const [sample, row] = tile_row_of(by, n);
    transform_row_in<T, Arch, Matrix>(x(sample, row), {of.height, of.width}, blocks, row * by.side - padding, by.side,
                                      padding, by.across, to, matrix_stride(by, of.channels));
  }
}

/// Aᵀ·M·A of a row of tiles for one block of channels; z is the block's image. Rows and columns beyond it are dropped.
template<class T, class Arch, int m>
[[gnu::noinline]] void transform_row_out(T const* from, long product, int blocks, T* z, plane of, int top, int across) {
  int const rows = std::min(m, of.height - top);
  for (int t = 0; t < across; ++t) {
    int const columns = std::min(m, of.width - t * m);
    for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>) {
      T const* const tile = from + static_cast<long>(t) * blocks * channel_block + lane;
      T* const to = z + (static_cast<long>(top) * of.width + t * m) * channel_block + lane;
      transform_tile<of_outputs<m>, T, Arch>(
          [&](int i, int j)
              __attribute__((always_inline)) { return load<T, Arch>(tile + (i * (m + 2) + j) * product); },
          [&](int i, int j, vector<T, Arch> const& y) __attribute__((always_inline)) {
            if (i < rows && j < columns) store<T, Arch>(to + (static_cast<long>(i) * of.width + j) * channel_block, y);
          });
    }
  }
}

}  // namespace laminate::kernels
