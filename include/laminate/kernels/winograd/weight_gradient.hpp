// The weight gradient of a convolution in Winograd's domain, added up over a few images.
#pragma once

#include <laminate/kernels/convolve/outer_product.hpp>
#include <laminate/kernels/winograd/convolve.hpp>

namespace laminate::kernels {

/// du[p](c, k) += Σ_tiles v[p](tile, c) · d[p](tile, k) for every product p of a block of tiles; `rest` of the input
/// channels do not fill a block. `starts`: du[p](c, k) = what is added.
template<class T, class Arch, tile_kind K, int rest>
void add_tile_products(sliding const& g, tiling const& by, T const* v, T const* d, T* du, int tiles, bool starts) {
  int const in = g.in.channels, out = g.out.channels, whole = in / channel_block;
  long const square = static_cast<long>(weight_channels(in)) * channel_block;
  pixel_pairs const over{.rows = 1,
                         .count = tiles,
                         .x_step = tile_channels(in),
                         .dz_step = tile_channels(out),
                         .dz_block = channel_block,
                         .dw_block = blocks_of(in) * square,
                         .starts = starts};
  for (int p = 0; p < K.by.products(); ++p, v += matrix_stride(by, in), d += matrix_stride(by, out)) {
    auto const add = [&](int kb, auto blocks) {
      T const* const gradient = d + kb * channel_block;
      T* const row = du + p * matrix_size(in, out) + kb * blocks_of(in) * square;
      for (int cb = 0; cb < whole && K.in == channel_block; ++cb)
        add_channel_products<T, Arch, channel_block, blocks, false, K.out>(v + cb * channel_block, gradient,
                                                                           row + cb * square, over);
      if constexpr (rest > 0)
        add_channel_products<T, Arch, rest, blocks, false, K.out>(v + whole * channel_block, gradient,
                                                                  row + whole * square, over);
    };
    if constexpr (K.out == channel_block)
      for_blocks<T, Arch>(blocks_of(out), add);
    else
      add(0, std::integral_constant<int, 1>{});
  }
}

/// du += the gradient of g's transformed weights over `samples` images, in tiles by tiling_of. `x(sample)` and
/// `d(sample)` answer with the whole input and the gradient at the output; rest = input channels % 16; work:
/// block_size scalars. `starts`: du is overwritten, but for rows of channels that fill up a block. See
/// transform_weight_gradient for what follows.
template<class T, class Arch, tile_kind K, int rest, class Input, class Gradient>
void add_weight_gradient_by_tiles(sliding const& g, tiling const& by, Input&& x, Gradient&& d, T* du, int samples,
                                  T* work, bool starts = false) {
  constexpr minimal_filtering F = K.by;
  T* const v = work;
  T* const gradients = work + F.products() * matrix_stride(by, g.in.channels);
  int const all = samples * by.down;
  for (int first = 0; first < all; first += by.rows) {
    int const end = std::min(first + by.rows, all);
    transform_rows_in<T, Arch, of_inputs<F>, K.in>([&](int n, int) { return x(n); }, g.in, by, g.how.padding, first,
                                                   end, v);
    transform_rows_in<T, Arch, of_output_gradients<F>, K.out>([&](int n, int) { return d(n); }, g.out, by, 0, first,
                                                              end, gradients);
    add_tile_products<T, Arch, K, rest>(g, by, v, gradients, du, (end - first) * by.across, starts && first == 0);
  }
}

}  // namespace laminate::kernels
