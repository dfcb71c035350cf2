// A network's first convolution, from planes to at most half a block of channels: two pixels share a vector. Alone, six
// channels would leave ten of 16 lanes idle.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/image.hpp>
#include <laminate/kernels/convolve/padded_lines.hpp>

namespace laminate::kernels {

/// Registers hold the weights of a row of taps; the stack holds all of them, and the lines that they see at once.
template<class T, class Arch> constexpr bool goes_in_pairs(sliding const& g, layout in) {
  int const taps = g.how.kernel * g.in.channels;  // of a column
  long const scalars = static_cast<long>(taps) * (g.how.kernel * channel_block + g.out.width + g.how.kernel);
  return has_pairs<T, Arch> && in == layout::planar && g.how.groups == 1 && g.out.channels <= channel_block / 2 &&
         g.how.stride == 1 && g.how.dilation == 1 && g.how.kernel <= 11 && scalars <= 16 * 1024;
}

/// An odd row's last pair reads one column more.
template<sliding G> inline constexpr int pairs_of_row = (G.out.width + 1) / 2;
template<class T, sliding G> using lines_of_pairs = padded_lines<T, G, G.in.channels, 2 * pairs_of_row<G>>;

/// `pairs` pairs of pixels of a row, or one pixel less where the last one stands alone. w: [r][s][c][16], as pairs.
template<class T, class Arch, sliding G, int pairs, bool last_is_alone>
[[gnu::noinline]] void write_pairs(T const* x, T const* w, T* z) {
  using lines = lines_of_pairs<T, G>;
  constexpr int kernel = G.how.kernel, channels = G.in.channels;
  sums<T, Arch, pairs> sum;
  unroll(
      upto<pairs>, [&](auto j) __attribute__((always_inline)) { sum.at[j] = broadcast<T, Arch>(0); });
  for (int r = 0; r < kernel; ++r)
    for (int c = 0; c < channels; ++c) {
      T const* const from = x + r * lines::row + c * lines::plane;
      T const* const weights = w + (r * kernel * channels + c) * channel_block;
      vector<T, Arch> weight[kernel];
      unroll(
          upto<kernel>, [&](auto s) __attribute__((always_inline)) {
            weight[s] = load<T, Arch>(weights + s * channels * channel_block);
          });
      // Inputs that begin at an even column are those of even taps, for several pairs; at an odd one, of odd taps.
      unroll(
          upto<2 * pairs + kernel - 2>, [&](auto column) __attribute__((always_inline)) {
            vector<T, Arch> const input = broadcast_pair<T, Arch>(from + column);
            unroll(
                upto<kernel>, [&](auto s) __attribute__((always_inline)) {
                  constexpr int j = (column - s) / 2;
                  if constexpr (column >= s && (column - s) % 2 == 0 && j < pairs)
                    sum.at[j] = multiply_add<T, Arch>(input, weight[s], sum.at[j]);
                });
          });
    }
  unroll(
      upto<pairs>, [&](auto j) __attribute__((always_inline)) {
        store<T, Arch>(z + 2 * j * channel_block, pixel_of<0, T, Arch>(sum.at[j]));
        if constexpr (j + 1 < pairs || !last_is_alone)
          store<T, Arch>(z + (2 * j + 1) * channel_block, pixel_of<1, T, Arch>(sum.at[j]));
      });
}

/// convolve() of such a convolution.
template<class T, class Arch, sliding G, class Prepare, class Finish>
void convolve_pairs(T const* x, T const* w, T* z, Prepare&& prepare, Finish&& finish, span_of write) {
  using lines = lines_of_pairs<T, G>;
  constexpr int taps = G.how.kernel * G.how.kernel * G.in.channels;
  constexpr row_split split = split_row(pairs_of_row<G>, accumulators<Arch>);
  constexpr axis rows = forward_axis(G.how, G.in.height, G.out.height);
  alignas(64) T weights[taps * channel_block];
  for (int t = 0; t < taps; ++t) {
    vector<T, Arch> const one = load<T, Arch>(w + t * channel_block);
    store<T, Arch>(weights + t * channel_block, pair_of<T, Arch>(one, one));
  }
  lines padded;
  for (int top = write.begin; top < write.end; top += lines::band) {
    int const end = std::min(top + lines::band, write.end);
    prepare(rows_needed(rows, end - 1));
    padded.fill(x, top, end);
    for (int i = top; i < end; ++i) {
      T const* const from = padded.values + (i - top) * lines::row;
      T* const to = z + static_cast<long>(i) * G.out.width * channel_block;
      unroll(
          upto<split.tiles>, [&](auto t) __attribute__((always_inline)) {
            constexpr int first = split.start(t), pairs = split.pixels(t);
            constexpr bool last_is_alone = G.out.width % 2 == 1 && t + 1 == split.tiles;
            write_pairs<T, Arch, G, pairs, last_is_alone>(from + 2 * first, weights, to + 2 * first * channel_block);
          });
      finish(0, i * G.out.width, G.out.width);
    }
  }
}

/// dw(r, s, 16k) += Σ_pixels x(pixel + (r, s)) · dz(pixel, 16k) for `down` rows of taps; x is at the first of them.
template<class T, class Arch, sliding G, int down>
[[gnu::noinline]] void add_pair_products(T const* x, T const* dz, T* dw, int rows) {
  using lines = lines_of_pairs<T, G>;
  constexpr int kernel = G.how.kernel, taps = down * kernel, width = G.out.width;
  sums<T, Arch, taps> sum;
  unroll(
      upto<taps>, [&](auto t) __attribute__((always_inline)) { sum.at[t] = broadcast<T, Arch>(0); });
  auto const add = [&](T const* from, vector<T, Arch> const& gradient) __attribute__((always_inline)) {
    unroll(
        upto<taps>, [&](auto t) __attribute__((always_inline)) {
          constexpr int at = t / kernel * lines::row + t % kernel;
          sum.at[t] = multiply_add<T, Arch>(broadcast_pair<T, Arch>(from + at), gradient, sum.at[t]);
        });
  };
  for (int i = 0; i < rows; ++i, x += lines::row, dz += width * channel_block) {
    for (int j = 0; j + 2 <= width; j += 2)
      add(x + j, pair_of<T, Arch>(load<T, Arch>(dz + j * channel_block), load<T, Arch>(dz + (j + 1) * channel_block)));
    if constexpr (width % 2 == 1)
      add(x + width - 1, pair_of<T, Arch>(load<T, Arch>(dz + (width - 1) * channel_block), broadcast<T, Arch>(0)));
  }
  unroll(
      upto<taps>, [&](auto t) __attribute__((always_inline)) {
        T* const to = dw + t * G.in.channels * channel_block;
        vector<T, Arch> const both = pixel_of<0, T, Arch>(sum.at[t]) + pixel_of<1, T, Arch>(sum.at[t]);
        store<T, Arch>(to, load<T, Arch>(to) + both);
      });
}

/// convolve_weight_gradient() of such a convolution. 32 registers hold the sums of a few rows of taps.
template<class T, class Arch, sliding G> void convolve_pairs_weight_gradient(T const* x, T const* dz, T* dw) {
  using lines = lines_of_pairs<T, G>;
  constexpr int kernel = G.how.kernel, down = std::clamp(28 / kernel, 1, kernel), rest = kernel % down;
  lines padded;
  for (int top = 0; top < G.out.height; top += lines::band) {
    int const end = std::min(top + lines::band, G.out.height);
    padded.fill(x, top, end);
    for (int c = 0; c < G.in.channels; ++c) {
      T const* const gradient = dz + static_cast<long>(top) * G.out.width * channel_block;
      auto const add = [&]<int rows>(int r) {
        add_pair_products<T, Arch, G, rows>(padded.values + c * lines::plane + r * lines::row, gradient,
                                            dw + (r * kernel * G.in.channels + c) * channel_block, end - top);
      };
      for (int r = 0; r + down <= kernel; r += down) add.template operator()<down>(r);
      if constexpr (rest > 0) add.template operator()<rest>(kernel - rest);
    }
  }
}

}  // namespace laminate::kernels
