// Transposed convolutions of one image: the kernels of the convolution whose data gradient they are, in other roles.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/data_gradient.hpp>
#include <laminate/kernels/convolve/forward.hpp>
#include <laminate/kernels/convolve/weight_gradient.hpp>

namespace laminate::kernels {

// In memory the weights are what transpose_weights makes of that convolution's, C = transposed(G):
// as describe/weights.hpp has them, with both kernel axes reversed, of K filters and C channels. So the forward pass
// reads them as they are, and the data gradient what transpose_weights makes of them in turn.

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
  transpose_weights(transposed(g), sum, dw);
  int const in = g.in.channels, last = blocks_of(in) - 1, real = in - last * channel_block;
  bool const alone = is_depthwise(g);
  if (real == channel_block || (in < channel_block && !alone)) return;
  int const taps = g.how.kernel * g.how.kernel, most = most_connected(g), size = tap_size(g);
  for (int block = 0; block < blocks_of(g.out.channels); ++block) {
    block_range const met = connected_blocks(g, block);
    if (met.end <= last) continue;
    T* tap = dw + static_cast<long>(block * most + last - met.begin) * taps * size;
    for (int t = 0; t < taps; ++t, tap += size)
      std::fill(tap + (alone ? real : real * channel_block), tap + size, T(0));
  }
}

}  // namespace laminate::kernels
