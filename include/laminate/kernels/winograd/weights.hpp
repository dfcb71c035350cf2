// Weights on their way into Winograd's domain, and their gradient on its way back.
#pragma once

#include <algorithm>
#include <laminate/describe/algorithm.hpp>
#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/transpose.hpp>
#include <laminate/kernels/winograd/transform.hpp>

namespace laminate::kernels {

/// u = G w Gᵀ for the pairs of a block of inputs and one of outputs, of `size` numbers a tap. A vector holds 16 outputs
/// of an input, or fewer; u's products are `product` apart.
template<class T, class Arch, minimal_filtering F> void transform_block(T const* w, T* u, long size, long product) {
  for (long i = 0; i < size; i += lanes<T, Arch>)
    transform_tile<of_weights<F>, T, Arch>(
        [&](int r, int s) __attribute__((always_inline)) { return load<T, Arch>(w + (r * F.taps + s) * size + i); },
        [&](int r, int s, vector<T, Arch> const& y)
            __attribute__((always_inline)) { store<T, Arch>(u + (r * F.side() + s) * product + i, y); });
}

/// u = G w Gᵀ for every pair of channels. w: [out/16][in/16][taps][taps][c][16k].
template<class T, class Arch, minimal_filtering F> void transform_weights(T const* w, T* u, int in, int out) {
  long const product = matrix_size(in, out), tap = static_cast<long>(weight_channels(in)) * channel_block;
  long const blocks = static_cast<long>(blocks_of(out)) * blocks_of(in);
  for (long block = 0; block < blocks; ++block)
    transform_block<T, Arch, F>(w + block * F.taps * F.taps * tap, u + block * tap, tap, product);
}

/// The same for the data gradient, which reads the weights turned round (kernels/convolve/data_gradient.hpp): block by
/// block, so that they are nowhere as a whole.
template<class T, class Arch, minimal_filtering F>
void transform_transposed_weights(T const* w, T* u, int in, int out) {
  constexpr int taps = F.taps * F.taps;
  alignas(64) T turned[taps * channel_block * channel_block];
  int const rows = weight_channels(in), columns = weight_channels(out), ins = blocks_of(in), outs = blocks_of(out);
  long const tap = static_cast<long>(rows) * channel_block, turned_tap = static_cast<long>(columns) * channel_block;
  for (int c = 0; c < ins; ++c)
    for (int k = 0; k < outs; ++k, u += turned_tap) {
      turn_block(w + (static_cast<long>(k) * ins + c) * taps * tap, turned, taps, rows, columns);
      transform_block<T, Arch, F>(turned, u, turned_tap, matrix_size(out, in));
    }
}

/// dw = Gᵀ du G for blocks [first, end) of the out/16 · in/16 pairs of channel blocks.
template<class T, class Arch, minimal_filtering F>
void transform_weight_gradient(T const* du, T* dw, int in, int out, long first, long end) {
  long const product = matrix_size(in, out), tap = static_cast<long>(weight_channels(in)) * channel_block;
  for (long block = first; block < end; ++block)
    for (long i = 0; i < tap; i += lanes<T, Arch>) {
      T const* const from = du + block * tap + i;
      T* const to = dw + block * F.taps * F.taps * tap + i;
      transform_tile<of_weight_gradients<F>, T, Arch>(
          [&](int r, int s)
              __attribute__((always_inline)) { return load<T, Arch>(from + (r * F.side() + s) * product); },
          [&](int r, int s, vector<T, Arch> const& y)
              __attribute__((always_inline)) { store<T, Arch>(to + (r * F.taps + s) * tap, y); });
    }
}

}  // namespace laminate::kernels
