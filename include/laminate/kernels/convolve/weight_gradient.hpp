// The gradient of a convolution with respect to its weights, added up over one image.
#pragma once

#include <laminate/kernels/convolve/depthwise_products.hpp>
#include <laminate/kernels/convolve/groups.hpp>
#include <laminate/kernels/convolve/image.hpp>
#include <laminate/kernels/convolve/outer_product.hpp>
#include <laminate/kernels/convolve/pairs.hpp>
#include <laminate/kernels/convolve/planar_products.hpp>

namespace laminate::kernels {

/// A block of input channels and one or two of outputs, in bands of output rows that every tap reads while they are
/// near. Each time the sums of a tap are loaded and stored, so a band has what level 2 delivers without a wait: more
/// than level 1 holds.
template<class T, class Arch, int channels, int blocks, bool far>
void add_block_products(sliding const& g, T const* x, T const* dz, T* dw, long dw_block) {
  axis const rows = forward_axis(g.how, g.in.height, g.out.height);
  axis const columns = forward_axis(g.how, g.in.width, g.out.width);
  long const x_row = g.in.width * channel_block, dz_row = g.out.width * channel_block;
  long const row_bytes = (x_row + blocks * dz_row) * static_cast<long>(sizeof(T));
  int const band = split_row(g.out.height, std::max(1, static_cast<int>(level_2_bytes / 16 / row_bytes))).wide;
  long const tap_size = static_cast<long>(weight_channels(g.in.channels)) * channel_block;
  for (int top = 0; top < g.out.height; top += band)
    for (int r = 0; r < g.how.kernel; ++r) {
      int const first_row = rows.first_input + r * rows.jump;
      span_of const valid = inside(first_row, rows.input_step, g.out.height, g.in.height);
      int const begin = std::max(top, valid.begin), end = std::min(top + band, valid.end);
      for (int s = 0; s < g.how.kernel && begin < end; ++s) {
        int const first_column = columns.first_input + s * columns.jump;
        span_of const across = inside(first_column, columns.input_step, g.out.width, g.in.width);
        if (across.begin >= across.end) continue;
        pixel_pairs const over{.rows = end - begin,
                               .count = across.end - across.begin,
                               .x_step = g.how.stride * channel_block,
                               .x_row = g.how.stride * x_row,
                               .dz_step = channel_block,
                               .dz_row = dz_row,
                               .dz_block = static_cast<long>(g.out.pixels()) * channel_block,
                               .dw_block = dw_block,
                               .x_next = band * g.how.stride * x_row};
        T const* const from = x + (begin * rows.input_step + first_row) * x_row +
                              (across.begin * columns.input_step + first_column) * channel_block;
        add_channel_products<T, Arch, channels, blocks, far>(from, dz + begin * dz_row + across.begin * channel_block,
                                                             dw + (r * g.how.kernel + s) * tap_size, over);
      }
    }
}

/// `rest` of the input channels do not fill a block; far: see is_far.
template<class T, class Arch, int rest, bool far>
void add_blocked_products(sliding const& g, T const* x, T const* dz, T* dw) {
  int const inputs = g.in.channels, outputs = g.out.channels, whole_blocks = inputs / channel_block;
  long const square = g.how.kernel * g.how.kernel * static_cast<long>(weight_channels(inputs)) * channel_block;
  long const x_block = static_cast<long>(g.in.pixels()) * channel_block, row_size = most_connected(g) * square;
  auto const add = [&](int kb, auto blocks) {
    T const* const gradient = dz + static_cast<long>(kb) * g.out.pixels() * channel_block;
    block_range const met = connected_blocks(g, kb);
    T* const row = dw + kb * row_size - met.begin * square;  // of block 0, even if it is not met
    for (int cb = met.begin; cb < std::min(met.end, whole_blocks); ++cb)
      add_block_products<T, Arch, channel_block, blocks, far>(g, x + cb * x_block, gradient, row + cb * square,
                                                              row_size);
    if constexpr (rest > 0)
      if (met.end > whole_blocks)
        add_block_products<T, Arch, rest, blocks, far>(g, x + whole_blocks * x_block, gradient,
                                                       row + whole_blocks * square, row_size);
  };
  if (g.how.groups == 1) return for_blocks<T, Arch>(blocks_of(outputs), add);
  for (int kb = 0; kb < blocks_of(outputs); ++kb) add(kb, std::integral_constant<int, 1>{});  // each meets its own
}

/// In bands of output rows, which all planes and taps read while they are near.
template<class T, class Arch, sliding G> void add_planar_products(T const* x, T const* dz, T* dw) {
  constexpr int last = blocks_of(G.out.channels) - 1;
  constexpr long square = G.how.kernel * G.how.kernel * tap_size(G), dz_row = G.out.width * channel_block;
  constexpr long most_rows = std::max(1L, level_2_bytes / 8 / (dz_row * static_cast<long>(sizeof(T))));
  constexpr int band = split_row(G.out.height, static_cast<int>(most_rows)).wide;
  for (int top = 0; top < G.out.height; top += band) {
    auto const add = [&]<int vectors>(int kb) {
      for (int c = 0; c < G.in.channels; ++c)
        add_all_taps<T, Arch, G, vectors>(x + static_cast<long>(c) * G.in.pixels(), top * G.how.stride - G.how.padding,
                                          dz + (static_cast<long>(kb) * G.out.height + top) * dz_row,
                                          dw + kb * square + c * channel_block, std::min(band, G.out.height - top));
    };
    for (int kb = 0; kb < last; ++kb) add.template operator()<vectors_per_block<T, Arch>>(kb);
    add.template operator()<vectors_of_last_block<T, Arch>(G.out.channels)>(last);
  }
}

/// dw(k,c,r,s) += Σ_pixels x(c, pixel at r, s) · dz(k, pixel). Entries between groups become what mask_groups ends.
template<class T, class Arch, sliding G, layout In> void convolve_weight_gradient(T const* x, T const* dz, T* dw) {
  static_assert(In == layout::blocked || G.in.channels < channel_block, "only a network's image input is planar");
  if constexpr (goes_in_pairs<T, Arch>(G, In))
    convolve_pairs_weight_gradient<T, Arch, G>(x, dz, dw);
  else if constexpr (is_depthwise(G))
    add_depthwise_products<T, Arch, G>(x, dz, dw);
  else if constexpr (In == layout::planar)
    add_planar_products<T, Arch, G>(x, dz, dw);
  else
    add_blocked_products<T, Arch, G.in.channels % channel_block, is_far<T>(G)>(G, x, dz, dw);
}

}  // namespace laminate::kernels
