// Weights on their way into Winograd's domain, and their gradient on its way back.
#pragma once

#include <algorithm>
#include <laminate/describe/algorithm.hpp>
#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/winograd/transform.hpp>

namespace laminate::kernels {

/// u = G w Gᵀ for every pair of channels, 16 outputs at a time. w: [out/16][in/16][3][3][c][16k].
template<class T, class Arch, int m> void transform_weights(T const* w, T* u, int in, int out) {
  long const product = matrix_size(in, out), tap = static_cast<long>(weight_channels(in)) * channel_block;
  long const blocks = static_cast<long>(blocks_of(out)) * blocks_of(in);
  for (long block = 0; block < blocks; ++block)
    for (long i = 0; i < tap; i += lanes<T, Arch>) {
      T const* const from = w + block * 9 * tap + i;
      T* const to = u + block * tap + i;
      transform_tile<of_weights<m>, T, Arch>(
          [&](int r, int s) __attribute__((always_inline)) { return load<T, Arch>(from + (r * 3 + s) * tap); },
          [&](int r, int s, vector<T, Arch> const& y)
              __attribute__((always_inline)) { store<T, Arch>(to + (r * (m + 2) + s) * product, y); });
    }
}

/// The same for algorithm a; nothing for the direct one.
template<class T, class Arch> void transform_weights(algorithm a, T const* w, T* u, int in, int out) {
  if (a == algorithm::winograd_2) transform_weights<T, Arch, 2>(w, u, in, out);
  if (a == algorithm::winograd_4) transform_weights<T, Arch, 4>(w, u, in, out);
}

/// dw = Gᵀ du G for blocks [first, end) of the out/16 · in/16 pairs of channel blocks.
template<class T, class Arch, int m>
void transform_weight_gradient(T const* du, T* dw, int in, int out, long first, long end) {
  long const product = matrix_size(in, out), tap = static_cast<long>(weight_channels(in)) * channel_block;
  for (long block = first; block < end; ++block)
    for (long i = 0; i < tap; i += lanes<T, Arch>) {
      T const* const from = du + block * tap + i;
      T* const to = dw + block * 9 * tap + i;
      transform_tile<of_weight_gradients<m>, T, Arch>(
          [&](int r, int s)
              __attribute__((always_inline)) { return load<T, Arch>(from + (r * (m + 2) + s) * product); },
          [&](int r, int s, vector<T, Arch> const& y)
              __attribute__((always_inline)) { store<T, Arch>(to + (r * 3 + s) * tap, y); });
    }
}

}  // namespace laminate::kernels
