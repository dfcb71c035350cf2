// The gradient of a convolution with respect to its weights, added up over one image.
#pragma once

#include <laminate/kernels/convolve/depthwise_products.hpp>
#include <laminate/kernels/convolve/groups.hpp>
#include <laminate/kernels/convolve/outer_product.hpp>
#include <laminate/kernels/convolve/planar_products.hpp>

namespace laminate::kernels {

/// One pair of channel blocks: bands of output rows that stay in level 1 while every tap reads them.
template<class T, class Arch, sliding G, int channels> void add_block_products(T const* x, T const* dz, T* dw) {
  constexpr axis rows = forward_axis(G.how, G.in.height, G.out.height);
  constexpr axis columns = forward_axis(G.how, G.in.width, G.out.width);
  constexpr long x_row = G.in.width * channel_block, dz_row = G.out.width * channel_block;
  constexpr long row_bytes = (x_row * G.how.stride + dz_row) * static_cast<long>(sizeof(T));
  constexpr int band = static_cast<int>(std::clamp<long>(level_1_bytes / row_bytes, 1, G.out.height));
  constexpr long tap_size = static_cast<long>(weight_channels(G.in.channels)) * channel_block;
  for (int top = 0; top < G.out.height; top += band)
    for (int r = 0; r < G.how.kernel; ++r) {
      int const first_row = rows.first_input + r * rows.jump;
      span_of const valid = inside(first_row, rows.input_step, G.out.height, G.in.height);
      int const begin = std::max(top, valid.begin), end = std::min(top + band, valid.end);
      for (int s = 0; s < G.how.kernel && begin < end; ++s) {
        int const first_column = columns.first_input + s * columns.jump;
        span_of const across = inside(first_column, columns.input_step, G.out.width, G.in.width);
        if (across.begin >= across.end) continue;
        pixel_pairs const over{
            end - begin, across.end - across.begin, G.how.stride * channel_block, G.how.stride * x_row, channel_block,
            dz_row};
        T const* const from = x + (begin * rows.input_step + first_row) * x_row +
                              (across.begin * columns.input_step + first_column) * channel_block;
        add_channel_products<T, Arch, channels>(from, dz + begin * dz_row + across.begin * channel_block,
                                                dw + (r * G.how.kernel + s) * tap_size, over);
      }
    }
}

template<class T, class Arch, sliding G> void add_blocked_products(T const* x, T const* dz, T* dw) {
  constexpr int inputs = G.in.channels, outputs = G.out.channels;
  constexpr int rest = inputs % channel_block, whole_blocks = inputs / channel_block;
  constexpr long square = G.how.kernel * G.how.kernel * static_cast<long>(weight_channels(inputs)) * channel_block;
  constexpr long x_block = static_cast<long>(G.in.pixels()) * channel_block;
  for (int kb = 0; kb < blocks_of(outputs); ++kb) {
    T const* const gradient = dz + static_cast<long>(kb) * G.out.pixels() * channel_block;
    block_range const met = connected_blocks(G, kb);
    T* const row = dw + (kb * most_connected(G) - met.begin) * square;  // of block 0, even if it is not met
    for (int cb = met.begin; cb < std::min(met.end, whole_blocks); ++cb)
      add_block_products<T, Arch, G, channel_block>(x + cb * x_block, gradient, row + cb * square);
    if constexpr (rest > 0)
      if (met.end > whole_blocks)
        add_block_products<T, Arch, G, rest>(x + whole_blocks * x_block, gradient, row + whole_blocks * square);
  }
}

template<class T, class Arch, sliding G> void add_planar_products(T const* x, T const* dz, T* dw) {
  constexpr int stride = G.how.stride, kernel = G.how.kernel, channels = G.in.channels;
  constexpr int columns = (G.out.width - 1) * stride + G.how.extent();
  constexpr int most_rows = static_cast<int>(level_1_bytes / 2 / sizeof(T)) / columns;
  constexpr int band = std::clamp((most_rows - G.how.extent()) / stride + 1, 1, G.out.height);
  constexpr int line_rows = (band - 1) * stride + G.how.extent();
  constexpr long square = static_cast<long>(kernel) * kernel * channels * channel_block;
  constexpr long dz_row = static_cast<long>(G.out.width) * channel_block;
  alignas(64) T lines[line_rows * columns];
  for (int c = 0; c < channels; ++c)
    for (int top = 0; top < G.out.height; top += band) {
      int const rows = std::min(band, G.out.height - top);
      copy_padded(x + static_cast<long>(c) * G.in.pixels(), G.in.height, G.in.width, top * stride - G.how.padding,
                  G.how.padding, (rows - 1) * stride + G.how.extent(), columns, lines);
      tap_strides const by{rows,
                           G.out.width,
                           stride,
                           stride * columns,
                           G.how.dilation * columns,
                           G.how.dilation,
                           dz_row,
                           kernel * channels * channel_block,
                           channels * channel_block};
      for (int kb = 0; kb < blocks_of(G.out.channels); ++kb)
        add_all_taps<T, Arch, kernel>(lines, dz + kb * dz_row * G.out.height + top * dz_row,
                                      dw + kb * square + c * channel_block, by);
    }
}

/// dw(k,c,r,s) += Σ_pixels x(c, pixel at r, s) · dz(k, pixel). Entries between groups become what mask_groups ends.
template<class T, class Arch, sliding G, layout In> void convolve_weight_gradient(T const* x, T const* dz, T* dw) {
  static_assert(In == layout::blocked || G.in.channels < channel_block, "only a network's image input is planar");
  if constexpr (is_depthwise(G))
    add_depthwise_products<T, Arch, G>(x, dz, dw);
  else if constexpr (In == layout::planar)
    add_planar_products<T, Arch, G>(x, dz, dw);
  else
    add_blocked_products<T, Arch, G>(x, dz, dw);
}

}  // namespace laminate::kernels
