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

/// Tiles of a row that are transformed together, along one axis and then along the other: neighbours share lines, and
/// what lies outside an image is outside for a whole line of them. What is in between stays in the level-1 cache.
inline constexpr int tiles_together = 8;

/// A line of zeros: what lies outside an image.
template<class T> alignas(64) inline constexpr T zero_line[tiles_together * largest_tile * channel_block]{};

/// Vectors between the two halves of a transform.
template<class T, class Arch, int results, int columns> struct half_transformed {
  alignas(64) T values[columns][results][lanes<T, Arch>];

  [[gnu::always_inline]] vector<T, Arch> at(int r, int column) const { return load<T, Arch>(values[column][r]); }
  [[gnu::always_inline]] void put(int r, int column, vector<T, Arch> const& v) { store<T, Arch>(values[column][r], v); }
};

/// M·X·Mᵀ of `count` tiles of one vector of channels. The first tile begins at row `top` and column `left` of the image
/// x, the next ones `step` columns further each; what lies outside the image is zero. to: a tile's first product;
/// tiles are `tile` scalars apart, products `product`.
template<class T, class Arch, class Matrix>
[[gnu::always_inline]] inline void transform_in(T const* x, plane of, int top, int left, int step, int count, T* to,
                                                long tile, long product) {
  constexpr int side = transform_plan<Matrix>::columns, results = transform_plan<Matrix>::rows;
  half_transformed<T, Arch, results, tiles_together * side> half;
  T const* line[side];  // at the first column
  for (int i = 0; i < side; ++i) {
    bool const inside = top + i >= 0 && top + i < of.height;
    line[i] = inside ? x + (static_cast<long>(top + i) * of.width + left) * channel_block : zero_line<T>;
  }
  int const columns = (count - 1) * step + side;
  int const begin = std::clamp(-left, 0, columns), end = std::clamp(of.width - left, begin, columns);
  auto const clear = [&](int from, int until) {
    for (int r = 0; r < results; ++r)
      for (int j = from; j < until; ++j) half.put(r, j, broadcast<T, Arch>(0));
  };
  clear(0, begin), clear(end, columns);
  for (int j = begin; j < end; ++j)
    transform_line<Matrix, T, Arch>(
        [&](int i) __attribute__((always_inline)) { return load<T, Arch>(line[i] + j * channel_block); },
        [&](int r, vector<T, Arch> const& y) __attribute__((always_inline)) { half.put(r, j, y); });
  for (int t = 0; t < count; ++t, to += tile)
    for (int r = 0; r < results; ++r)
      transform_line<Matrix, T, Arch>(
          [&](int j) __attribute__((always_inline)) { return half.at(r, t * step + j); },
          [&](int c, vector<T, Arch> const& y)
              __attribute__((always_inline)) { store<T, Arch>(to + (r * results + c) * product, y); });
}

/// A row of `across` tiles of all blocks, `channels` of each. Tile t begins at column t·step − padding. `to` is where
/// the first tile's channels go: [product][tile][channels].
template<class T, class Machine, class Matrix, int channels>
[[gnu::noinline]] void transform_row_in(T const* x, plane of, int blocks, int top, int step, int padding, int across,
                                        T* to, long product) {
  using Arch = arch_of_block<T, Machine, channels>;
  long const image = static_cast<long>(of.height) * of.width * channel_block;
  long const tile = static_cast<long>(blocks) * channels;
  for (int b = 0; b < blocks; ++b)
    for (int t = 0; t < across; t += tiles_together)
      for (int lane = 0; lane < channels; lane += lanes<T, Arch>)
        transform_in<T, Arch, Matrix>(x + b * image + lane, of, top, t * step - padding, step,
                                      std::min(tiles_together, across - t), to + t * tile + b * channel_block + lane,
                                      tile, product);
}

/// Which row of tiles of which sample the n-th row of a unit is.
struct tile_row {
  int sample;
  int row;
};
constexpr tile_row tile_row_of(tiling const& by, int n) { return {n / by.down, n % by.down}; }

/// Rows of tiles [first, end) of a unit. `x(sample, row)` answers with the sample's image, in
/// which all that this row of tiles reads is there.
template<class T, class Arch, class Matrix, int channels, class Image>
void transform_rows_in(Image&& x, shape of, tiling const& by, int padding, int first, int end, T* to) {
  int const blocks = blocks_of(of.channels);
  for (int n = first; n < end; ++n, to += static_cast<long>(by.across) * blocks * channels) {
    auto const [sample, row] = tile_row_of(by, n);
    transform_row_in<T, Arch, Matrix, channels>(x(sample, row), {of.height, of.width}, blocks, row * by.side - padding,
                                                by.side, padding, by.across, to, matrix_stride(by, of.channels));
  }
}

/// Aᵀ·M·A of `count` tiles of one vector of channels, whose first pixel is that of z; `rows` and `columns` of the
/// results lie within the image.
template<class T, class Arch, minimal_filtering F>
[[gnu::always_inline]] inline void transform_out(T const* from, long tile, long product, T* z, int width, int rows,
                                                 int columns, int count) {
  constexpr int side = F.side(), m = F.outputs;
  half_transformed<T, Arch, side, tiles_together * m> half;
  for (int t = 0; t < count; ++t, from += tile)
    for (int i = 0; i < side; ++i)
      transform_line<of_outputs<F>, T, Arch>(
          [&](int j) __attribute__((always_inline)) { return load<T, Arch>(from + (i * side + j) * product); },
          [&](int c, vector<T, Arch> const& y) __attribute__((always_inline)) { half.put(i, t * m + c, y); });
  for (int j = 0; j < columns; ++j, z += channel_block)
    transform_line<of_outputs<F>, T, Arch>(
        [&](int i) __attribute__((always_inline)) { return half.at(i, j); },
        [&](int r, vector<T, Arch> const& y) __attribute__((always_inline)) {
          if (r < rows) store<T, Arch>(z + static_cast<long>(r) * width * channel_block, y);
        });
}

/// Aᵀ·M·A of a row of tiles for `channels` of one block; z is the block's image. Rows and columns beyond it are
/// dropped. Channels that are not computed are written as zeros.
template<class T, class Machine, minimal_filtering F, int channels>
[[gnu::noinline]] void transform_row_out(T const* from, long product, int blocks, T* z, plane of, int top, int across) {
  using Arch = arch_of_block<T, Machine, channels>;
  constexpr int m = F.outputs, width = lanes<T, Arch>;
  long const tile = static_cast<long>(blocks) * channels;
  int const rows = std::min(m, of.height - top);
  z += static_cast<long>(top) * of.width * channel_block;
  for (int t = 0; t < across; t += tiles_together) {
    int const count = std::min(tiles_together, across - t);
    for (int lane = 0; lane < channels; lane += width)
      transform_out<T, Arch, F>(from + t * tile + lane, tile, product, z + t * m * channel_block + lane, of.width, rows,
                                std::min(count * m, of.width - t * m), count);
  }
  if constexpr (channels < channel_block)
    for (int i = 0; i < rows * of.width; ++i)
      for (int lane = channels; lane < channel_block; lane += width)
        store<T, Arch>(z + i * channel_block + lane, broadcast<T, Arch>(0));
}

}  // namespace laminate::kernels
