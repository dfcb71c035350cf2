// Transposed convolutions of one image: the kernels of the convolution whose data gradient they are, in other roles.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/data_gradient.hpp>
#include <laminate/kernels/convolve/forward.hpp>
#include <laminate/kernels/convolve/weight_gradient.hpp>

namespace laminate::kernels {

// In memory the weights are what transpose_weights makes of that convolution's, C = transposed(G):
// [K/16][C/16][R][S][c][16k] with both kernel axes reversed, of K filters and C channels. So the forward pass reads
// them as they are, and the data gradient what transpose_weights makes of them in turn.

/// z = the transposed convolution of x, both blocked. `prepare(rows)` and `finish` as for convolve_data_gradient.
template<class T, class Arch, sliding G, class Prepare, class Finish>
void convolve_transposed(T const* x, T const* w, T* z, Prepare&& prepare, Finish&& finish) {
  convolve_data_gradient<T, Arch, transposed(G)>(x, w, z, prepare, finish);
}

/// dx from dz; wt are the transposed weights.
template<class T, class Arch, sliding G, class Prepare, class Finish>
void convolve_transposed_data_gradient(T const* dz, T const* wt, T* dx, Prepare&& prepare, Finish&& finish) {
  convolve<T, Arch, transposed(G), layout::blocked>(dz, wt, dx, prepare, finish);
}

/// Adds to dw, in the layout of the convolution transposed(G): finish_transposed_weight_gradient turns the sum round.
template<class T, class Arch, sliding G> void convolve_transposed_weight_gradient(T const* x, T const* dz, T* dw) {
  convolve_weight_gradient<T, Arch, transposed(G), layout::blocked>(dz, x, dw);
}

/// The sum in the layout of the weights. The channels that fill up x's last block hold anything, so what they gave is
/// left out.
template<class T> void finish_transposed_weight_gradient(sliding const& g, T const* sum, T* dw) {
  int const in = g.in.channels, taps = g.how.kernel * g.how.kernel, real = in % channel_block;
  transpose_weights(sum, dw, g.out.channels, in, g.how.kernel);
  if (real == 0 || in < channel_block) return;
  constexpr int tap_size = channel_block * channel_block;
  for (int block = 0; block < blocks_of(g.out.channels); ++block) {
    T* const last = dw + static_cast<long>((block + 1) * blocks_of(in) - 1) * taps * tap_size;
    for (int tap = 0; tap < taps; ++tap)
      std::fill(last + tap * tap_size + real * channel_block, last + (tap + 1) * tap_size, T(0));
  }
}

}  // namespace laminate::kernels
