// Dense layers: features times a matrix, its data gradient, its weight gradient. Every size is a run-time
// number.
#pragma once

#include <algorithm>
#include <array>
#include <laminate/describe/weights.hpp>
#include <laminate/kernels/convolve/outer_product.hpp>
#include <laminate/kernels/tile.hpp>
#include <laminate/kernels/transpose.hpp>

namespace laminate::kernels {

/// z(sample, block) for `samples` × `blocks`, summed in registers. The features of a sample are contiguous,
/// and so are the rows of a block of the matrix, so the sum is one loop over all inputs. Meanwhile `next`, as
/// many bytes as a block of the matrix that will be read soon, comes near; it may be null. `channels`: of a block, 16
/// or 8.
template<class T, class Machine, int samples, int blocks, int channels = channel_block>
[[gnu::noinline]] void multiply_tile(T const* x, long x_stride, T const* w, long w_block, T* z, long z_stride, int in,
                                     T const* next = nullptr) {
  using Arch = arch_of_block<T, Machine, channels>;
  constexpr int width = lanes<T, Arch>, vectors = channels / width, across = blocks * vectors;
  vector<T, Arch> sum[samples * across];
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { ((sum[n] = broadcast<T, Arch>(0)), ...); }
  (upto<samples * across>);
  auto const weight = [&](int v) __attribute__((always_inline)) {
    vector<T, Arch> loaded = load<T, Arch>(w + v / vectors * w_block + v % vectors * width);
    keep_in_register<T, Arch>(loaded);
    return loaded;
  };
  // Whichever are fewer stay in registers, the weights or the inputs; the others come one at a time.
  for (int i = 0; i < in; ++i, ++x, w += channel_block) {
    if (next) __builtin_prefetch(next + i * channel_block, 0, 2);
    if constexpr (across <= samples) {
      vector<T, Arch> weights[across];
      unroll(
          upto<across>, [&](auto v) __attribute__((always_inline)) { weights[v] = weight(v); });
      unroll(
          upto<samples>, [&](auto n) __attribute__((always_inline)) {
            add_products<T, Arch, across>(x + n * x_stride, weights, sum + n * across);
          });
    } else {
      vector<T, Arch> inputs[samples];
      unroll(
          upto<samples>, [&](auto n) __attribute__((always_inline)) {
            inputs[n] = broadcast<T, Arch>(x[n * x_stride]);
            keep_in_register<T, Arch>(inputs[n]);
          });
      unroll(
          upto<across>, [&](auto v) __attribute__((always_inline)) {
            vector<T, Arch> const now = weight(v);
            [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
              ((sum[n * across + v] = multiply_add<T, Arch>(inputs[n], now, sum[n * across + v])), ...);
            }
            (upto<samples>);
          });
    }
  }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (store<T, Arch>(z + n / across * z_stride + n % across * width, sum[n]), ...);
  }
  (upto<samples * across>);
}

template<class T>
using tile_product = void (*)(T const* x, long x_stride, T const* w, long w_block, T* z, long z_stride, int in,
                              T const* next);

/// multiply_tile of `blocks` blocks for up to `most` samples, by address: what surrounds it is compiled once for all.
template<class T, class Arch, int blocks, int most, int channels>
inline constexpr auto products_of_blocks = []<int... n>(constants<n...>) {
  return std::array<tile_product<T>, most + 1>{nullptr, multiply_tile<T, Arch, n + 1, blocks, channels>...};
}
(upto<most>);

/// The kernels of a dense layer, by samples and blocks. The fewer samples are multiplied together, the more blocks;
/// those of a single one are cut evenly.
template<class T, class Arch> struct dense_products {
  // A block of one vector would have a broadcast for each of its products: two of them share it.
  static constexpr int most_samples = accumulators<Arch> / std::max(2, vectors_per_block<T, Arch>);

  static constexpr int most_blocks(int samples) {
    int const held = accumulators<Arch> / (samples * vectors_per_block<T, Arch>);
    return samples == 1 ? std::clamp(held, 1, 8) : held >= 4 ? 4 : held >= 2 ? 2 : 1;
  }
  /// How many of `left` blocks are next.
  static constexpr int blocks_of_tile(int samples, int left) {
    int const most = most_blocks(samples);
    return samples == 1 ? split_row(left, most).wide : left < most ? 1 : most;
  }

  template<int samples, int blocks> static constexpr tile_product<T> product() {
    if constexpr (samples == 1 || blocks == 1 || blocks == most_blocks(samples))
      return multiply_tile<T, Arch, samples, blocks>;
    else
      return nullptr;
  }
  using of_samples = std::array<tile_product<T>, most_blocks(1)>;
  template<int samples, int... b> static constexpr of_samples products(constants<b...>) {
    return {product<samples, b + 1>()...};
  }
  /// [samples − 1][blocks − 1]
  static constexpr auto of = []<int... n>(constants<n...>) {
    return std::array<of_samples, most_samples>{products<n + 1>(upto<most_blocks(1)>)...};
  }
  (upto<most_samples>);
};

/// z(sample, k) = Σ_c w(k, c) · x(sample, c). Strides are scalars between samples. `finish(sample, count, block)` is
/// called right after `count` samples' block of 16 results was written. As many samples are read together as there are
/// registers for, evenly cut.
template<class T, class Arch, class Finish>
void multiply(T const* x, long x_stride, T const* w, T* z, long z_stride, int in, int out, int samples,
              Finish&& finish) {
  using products = dense_products<T, Arch>;
  long const w_block = matrix_size(in, 1);
  row_split const cut = split_row(samples, products::most_samples);
  auto const write = [&](int first, int end, int width) {
    for (int block = 0, blocks; block < blocks_of(out); block += blocks) {
      blocks = products::blocks_of_tile(width, blocks_of(out) - block);
      for (int sample = first; sample < end; sample += width) {
        products::of[width - 1][blocks - 1](x + sample * x_stride, x_stride, w + block * w_block, w_block,
                                            z + sample * z_stride + block * channel_block, z_stride, in, nullptr);
        for (int b = 0; b < blocks; ++b) finish(sample, width, block + b);
      }
    }
  };
  int const narrow = cut.start(cut.wide_tiles);
  write(0, narrow, cut.wide);
  if (narrow < samples) write(narrow, samples, cut.wide - 1);
}

/// The matrix the data gradient reads: [in/16][out/16][k][16c].
template<class T> void transpose_matrix(T const* w, T* wt, int in, int out) {
  int const rows = weight_channels(in), columns = weight_channels(out);
  for (int cb = 0; cb < blocks_of(in); ++cb)
    for (int kb = 0; kb < blocks_of(out); ++kb) {
      T const* const from = w + (static_cast<long>(kb) * blocks_of(in) + cb) * rows * channel_block;
      T* const to = wt + (static_cast<long>(cb) * blocks_of(out) + kb) * columns * channel_block;
      transpose_block(from, channel_block, to, rows, columns);
    }
}

/// dx(sample, c) = Σ_k w(k, c) · dz(sample, k); `in` and `out` are those of the layer. `finish(sample, count,
/// block of dx)`.
template<class T, class Arch, class Finish>
void multiply_data_gradient(T const* dz, long dz_stride, T const* wt, T* dx, long dx_stride, int in, int out,
                            int samples, Finish&& finish) {
  multiply<T, Arch>(dz, dz_stride, wt, dx, dx_stride, out, in, samples, finish);
}

/// dw(c, k) += Σ_samples x(sample, c) · dz(sample, 16 k) for `channels` c.
template<class T, class Arch> void add_pairs(T const* x, T const* dz, T* dw, int channels, pixel_pairs const& samples) {
  constexpr int pass = channels_per_pass<T, Arch>();
  int c = 0;
  auto const add = [&]<int together>() {
    for (; c + together <= channels; c += together)
      add_outer_products<T, Arch, together>(x + c, dz, dw + c * channel_block, samples);
  };
  add.template operator()<pass>();
  if constexpr (pass > 4) add.template operator()<4>();
  if constexpr (pass > 1) add.template operator()<1>();
}

/// to(row) = from(row), `rows` rows of `count` scalars, which are too few for a call of std::copy_n each.
template<class T, class Arch> void copy_rows(T const* from, long from_step, T* to, long to_step, int rows, int count) {
  constexpr int width = lanes<T, Arch>;
  int const whole = count / width * width;
  for (int row = 0; row < rows; ++row, from += from_step, to += to_step) {
    for (int i = 0; i < whole; i += width) store<T, Arch>(to + i, load<T, Arch>(from + i));
    for (int i = whole; i < count; ++i) to[i] = from[i];
  }
}

/// dw(k, c) = Σ_samples x(sample, c) · dz(sample, k) for packed_channels c from `first` on, or to the last. work:
/// packed_size scalars, for what is too far apart to be read as it lies.
template<class T, class Arch>
void multiply_weight_gradient(T const* x, long x_stride, T const* dz, long dz_stride, T* dw, int in, int out,
                              int samples, int first, T* work) {
  int const channels = std::min(packed_channels, in - first);
  bool const packs_x = x_stride > packed_channels, packs_dz = dz_stride > channel_block;
  T *const packed_x = work, *const packed_dz = work + packed_samples * packed_channels;
  for (int begin = 0; begin < samples; begin += packed_samples) {
    int const count = std::min(packed_samples, samples - begin);
    T const* const from = x + begin * x_stride + first;
    if (packs_x) copy_rows<T, Arch>(from, x_stride, packed_x, packed_channels, count, channels);
    pixel_pairs const over{.rows = 1,
                           .count = count,
                           .x_step = packs_x ? packed_channels : x_stride,
                           .dz_step = channel_block,
                           .starts = begin == 0};
    for (int kb = 0; kb < blocks_of(out); ++kb) {
      T const* const by = dz + begin * dz_stride + kb * channel_block;
      if (packs_dz) copy_rows<T, Arch>(by, dz_stride, packed_dz, channel_block, count, channel_block);
      T* const to = dw + kb * matrix_size(in, 1) + static_cast<long>(first) * channel_block;
      add_pairs<T, Arch>(packs_x ? packed_x : from, packs_dz ? packed_dz : by, to, channels, over);
    }
  }
}

}  // namespace laminate::kernels
