// Dense layers: features times a matrix, its data gradient, its weight gradient. Every size is a run-time
// number.
#pragma once

#include <algorithm>
#include <laminate/describe/weights.hpp>
#include <laminate/kernels/convolve/outer_product.hpp>
#include <laminate/kernels/tile.hpp>

namespace laminate::kernels {

/// Scalars of a matrix as the kernels keep it: [out/16][in/16][c][16k], c = weight_channels(in).
constexpr long matrix_size(int in, int out) {
  return static_cast<long>(blocks_of(out)) * blocks_of(in) * weight_channels(in) * channel_block;
}

/// z(sample, block) for `samples` × `blocks`, summed in registers. The features of a sample are contiguous,
/// and so are the rows of a block of the matrix, so the sum is one loop over all inputs.
template<class T, class Arch, int samples, int blocks>
[[gnu::noinline]] void multiply_tile(T const* x, long x_stride, T const* w, long w_block, T* z, long z_stride, int in) {
  constexpr int vectors = vectors_per_block<T, Arch>, width = lanes<T, Arch>, across = blocks * vectors;
  vector<T, Arch> sum[samples * across];
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { ((sum[n] = broadcast<T, Arch>(0)), ...); }
  (upto<samples * across>);
  for (int i = 0; i < in; ++i, ++x, w += channel_block)
    unroll(
        upto<across>, [&](auto v) __attribute__((always_inline)) {
          vector<T, Arch> weight = load<T, Arch>(w + v / vectors * w_block + v % vectors * width);
          keep_in_register<T, Arch>(weight);
          [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
            ((sum[n * across + v] =
                  multiply_add<T, Arch>(broadcast<T, Arch>(x[n * x_stride]), weight, sum[n * across + v])),
             ...);
          }
          (upto<samples>);
        });
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (store<T, Arch>(z + n / across * z_stride + n % across * width, sum[n]), ...);
  }
  (upto<samples * across>);
}

/// Up to `samples` samples a tile, then half as many, down to one, which reads as many blocks as registers
/// hold.
template<class T, class Arch, int samples, class Finish>
void multiply_samples(T const* x, long x_stride, T const* w, T* z, long z_stride, int in, int out, int first, int end,
                      Finish& finish) {
  constexpr int held = accumulators<Arch> / (samples * vectors_per_block<T, Arch>);
  constexpr int most = held >= 4 ? 4 : held >= 2 ? 2 : 1;
  long const w_block = matrix_size(in, 1);
  int const last = first + (end - first) / samples * samples;
  auto const write = [&]<int blocks>(int sample, int block) {
    multiply_tile<T, Arch, samples, blocks>(x + sample * x_stride, x_stride, w + block * w_block, w_block,
                                            z + sample * z_stride + block * channel_block, z_stride, in);
    for (int n = 0; n < samples; ++n)
      for (int b = 0; b < blocks; ++b) finish(sample + n, block + b);
  };
  int block = 0;
  for (; block + most <= blocks_of(out); block += most)
    for (int sample = first; sample < last; sample += samples) write.template operator()<most>(sample, block);
  if constexpr (most > 1)
    for (; block < blocks_of(out); ++block)
      for (int sample = first; sample < last; sample += samples) write.template operator()<1>(sample, block);
  if constexpr (samples > 1)
    multiply_samples<T, Arch, samples / 2>(x, x_stride, w, z, z_stride, in, out, last, end, finish);
}

/// z(sample, k) = Σ_c w(k, c) · x(sample, c). Strides are scalars between samples. `finish(sample, block)` is
/// called once for every block of 16 results, right after it was written.
template<class T, class Arch, class Finish>
void multiply(T const* x, long x_stride, T const* w, T* z, long z_stride, int in, int out, int samples,
              Finish&& finish) {
  constexpr int most = std::max(1, accumulators<Arch> / (2 * vectors_per_block<T, Arch>));
  constexpr int together = most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : 1;
  multiply_samples<T, Arch, together>(x, x_stride, w, z, z_stride, in, out, 0, samples, finish);
}

/// The matrix the data gradient reads: [in/16][out/16][k][16c].
template<class T> void transpose_matrix(T const* w, T* wt, int in, int out) {
  int const rows = weight_channels(in), columns = weight_channels(out);
  for (int cb = 0; cb < blocks_of(in); ++cb)
    for (int kb = 0; kb < blocks_of(out); ++kb) {
      T const* const from = w + (static_cast<long>(kb) * blocks_of(in) + cb) * rows * channel_block;
      T* const to = wt + (static_cast<long>(cb) * blocks_of(out) + kb) * columns * channel_block;
      for (int k = 0; k < columns; ++k)
        for (int c = 0; c < channel_block; ++c)
          to[k * channel_block + c] = c < rows ? from[c * channel_block + k] : T(0);
    }
}

/// dx(sample, c) = Σ_k w(k, c) · dz(sample, k); `in` and `out` are those of the layer. `finish(sample, block
/// of dx)`.
template<class T, class Arch, class Finish>
void multiply_data_gradient(T const* dz, long dz_stride, T const* wt, T* dx, long dx_stride, int in, int out,
                            int samples, Finish&& finish) {
  multiply<T, Arch>(dz, dz_stride, wt, dx, dx_stride, out, in, samples, finish);
}

/// dw(k, c) += Σ_samples x(sample, c) · dz(sample, k).
template<class T, class Arch>
void multiply_weight_gradient(T const* x, long x_stride, T const* dz, long dz_stride, T* dw, int in, int out,
                              int samples) {
  constexpr int pass = channels_per_pass<T, Arch>();
  pixel_pairs const over{1, samples, x_stride, 0, dz_stride, 0};
  auto const add = [&]<int channels>(int c, int kb) {
    add_outer_products<T, Arch, channels>(x + c, dz + kb * channel_block,
                                          dw + kb * matrix_size(in, 1) + static_cast<long>(c) * channel_block, over);
  };
  for (int kb = 0; kb < blocks_of(out); ++kb) {
    int c = 0;
    for (; c + pass <= in; c += pass) add.template operator()<pass>(c, kb);
    if constexpr (pass >= 16)
      for (; c + 4 <= in; c += 4) add.template operator()<4>(c, kb);
    for (; c < in; ++c) add.template operator()<1>(c, kb);
  }
}

}  // namespace laminate::kernels
