// A convolution of a few images by Winograd's minimal filtering: tiles in, one product per
// pair of channels, tiles out.
#pragma once

#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/piece.hpp>
#include <laminate/kernels/prefetch.hpp>
#include <laminate/kernels/winograd/rows.hpp>
#include <laminate/kernels/winograd/weights.hpp>

namespace laminate::kernels {

/// z(tile, all k) = Σ_c v(tile, c) · u(c, k), `blocks` blocks of k at a time, `channels` of each: as many tiles
/// together as registers hold, evenly cut. `far`: each of the first groups of tiles brings one of the next blocks of u
/// near; otherwise they all bring some of `ahead`, which may be null.
template<class T, class Arch, int blocks, int channels>
void multiply_tiles(T const* v, int in, T const* u, T* z, long z_stride, int tiles, bool far, prefetch_list* ahead) {
  constexpr int most = most_pixels<T, Arch, channels>(blocks);
  long const v_stride = tile_channels(in), u_block = matrix_size(in, 1);
  row_split const cut = split_row(tiles, most);
  for (int group = 0, tile = 0; group < cut.tiles; tile += cut.pixels(group++)) {
    void const* next = nullptr;
    if (far && group < blocks) next = u + (blocks + group) * u_block;
    if (!far && ahead) next = ahead->take(u_block * static_cast<long>(sizeof(T)));
    products_of_blocks<T, Arch, blocks, most, channels>[cut.pixels(group)](
        v + tile * v_stride, v_stride, u, u_block, z + tile * z_stride, z_stride, in, static_cast<T const*>(next));
  }
}

/// Every product of a block of `tiles` tiles of g: z[p] = v[p]·u[p], for some blocks of output channels, an even number
/// or to the last.
template<class T, class Arch, tile_kind K>
void multiply_block(sliding const& g, tiling const& by, T const* v, T const* u, T* z, int tiles, block_range blocks,
                    prefetch_list* ahead) {
  constexpr int products = K.by.products(), most_together = most_pixels<T, Arch>(2) >= 4 ? 2 : 1;
  int const in = g.in.channels, out = g.out.channels;
  // A few tiles are multiplied with weights in the time these take to come from beyond the level-2 cache.
  bool const far = products * matrix_size(in, out) * static_cast<long>(sizeof(T)) > level_2_bytes;
  for (int p = 0; p < products; ++p) {
    T const* const from = v + p * matrix_stride(by, in);
    T const* const weights = u + p * matrix_size(in, out);
    T* const to = z + p * matrix_stride(by, out);
    int b = blocks.begin;
    if constexpr (most_together > 1 && K.out == channel_block)
      for (; b + 2 <= blocks.end; b += 2)
        multiply_tiles<T, Arch, 2, K.out>(from, in, weights + b * matrix_size(in, 1), to + b * channel_block,
                                          tile_channels(out), tiles, far, ahead);
    for (; b < blocks.end; ++b)
      multiply_tiles<T, Arch, 1, K.out>(from, in, weights + b * matrix_size(in, 1), to + b * channel_block,
                                        tile_channels(out), tiles, far, ahead);
  }
}

/// The input rows that a row of tiles reads: all before the answer.
constexpr int rows_read(sliding const& g, tiling const& by, int row) {
  return std::clamp((row + 1) * by.side + g.how.kernel - 1 - g.how.padding, 0, g.in.height);
}

/// z = g of `samples` images, in tiles by tiling_of. `x(sample, rows)` answers with the sample's blocked image,
/// whose first `rows` rows are there from then on; `z[sample]` is where its result goes. u: the transformed weights;
/// work: block_size scalars. `finish(sample, block, first pixel, count)` is called once for every output row of
/// every block, samples in order. `write`: the rows of tiles, of all samples, and the blocks of z that are written.
/// `ahead`: what comes near meanwhile. All sizes are run-time, so that every convolution by these tiles is one
/// instantiation.
template<class T, class Arch, tile_kind K, class Input, class Output, class Finish>
void convolve_by_tiles(sliding const& g, tiling const& by, Input&& x, T const* u, Output&& z, int samples, T* work,
                       Finish&& finish, piece_of_output write = {}, prefetch_list* ahead = nullptr) {
  constexpr minimal_filtering F = K.by;
  constexpr int m = F.outputs;
  int const out_blocks = blocks_of(g.out.channels);
  long const z_product = matrix_stride(by, g.out.channels);
  T* const v = work;
  T* const products = work + F.products() * matrix_stride(by, g.in.channels);
  auto const image_of = [&](int sample, int row) { return x(sample, rows_read(g, by, row)); };
  int const all = std::min(samples * by.down, write.rows.end);
  block_range const blocks{write.blocks.begin, std::min(write.blocks.end, out_blocks)};
  for (int first = write.rows.begin; first < all; first += by.rows) {
    int const end = std::min(first + by.rows, all);
    transform_rows_in<T, Arch, of_inputs<F>, K.in>(image_of, g.in, by, g.how.padding, first, end, v);
    multiply_block<T, Arch, K>(g, by, v, u, products, (end - first) * by.across, blocks, ahead);
    for (int n = first; n < end; ++n) {
      auto const [sample, row] = tile_row_of(by, n);
      T const* const from = products + static_cast<long>(n - first) * by.across * tile_channels(g.out.channels);
      for (int b = blocks.begin; b < blocks.end; ++b) {
        T* const image = z[sample] + static_cast<long>(b) * g.out.pixels() * channel_block;
        transform_row_out<T, Arch, F, K.out>(from + b * channel_block, z_product, out_blocks, image,
                                             {g.out.height, g.out.width}, row * m, by.across);
        for (int i = row * m; i < std::min((row + 1) * m, g.out.height); ++i)
          finish(sample, b, i * g.out.width, g.out.width);
      }
    }
  }
}

}  // namespace laminate::kernels
