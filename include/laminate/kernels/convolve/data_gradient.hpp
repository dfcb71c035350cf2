// The gradient of a convolution with respect to its input, one image: the forward micro-kernel on flipped
// weights.
#pragma once

#include <array>
#include <laminate/kernels/convolve/image.hpp>

namespace laminate::kernels {

/// Scalars of the weights the data gradient reads: [C/16][K/16][R][S][k][16c], both kernel axes reversed.
template<sliding G> constexpr int transposed_size() {
  return blocks_of(G.in.channels) * blocks_of(G.out.channels) * G.how.kernel * G.how.kernel *
         weight_channels(G.out.channels) * channel_block;
}

/// wt(c block, k block, R−1−r, S−1−s, k, c) = w(k block, c block, r, s, c, k).
template<class T> void transpose_weights(T const* w, T* wt, int inputs, int outputs, int kernel) {
  int const rows = weight_channels(inputs), columns = weight_channels(outputs), taps = kernel * kernel;
  for (int cb = 0; cb < blocks_of(inputs); ++cb)
    for (int kb = 0; kb < blocks_of(outputs); ++kb)
      for (int tap = 0; tap < taps; ++tap) {
        T const* from = w + (static_cast<long>(kb * blocks_of(inputs) + cb) * taps + tap) * rows * channel_block;
        T* to =
            wt + (static_cast<long>(cb * blocks_of(outputs) + kb) * taps + taps - 1 - tap) * columns * channel_block;
        for (int k = 0; k < columns; ++k)
          for (int c = 0; c < channel_block; ++c)
            to[k * channel_block + c] = c < rows ? from[c * channel_block + k] : T(0);
      }
}

template<class T, sliding G> void transpose_weights(T const* w, T* wt) {
  transpose_weights(w, wt, G.in.channels, G.out.channels, G.how.kernel);
}

/// dx = the gradient at the input of G, blocked; dz is the blocked gradient at its output and wt the
/// transposed weights. `finish(block, first pixel, count)` is called once for every row of dx of every block.
/// `prepare(rows)` is called before rows of dz up to `rows` are read for the first time; it may write them.
template<class T, class Arch, sliding G, class Prepare, class Finish>
void convolve_data_gradient(T const* dz, T const* wt, T* dx, Prepare&& prepare, Finish&& finish) {
  image_sum<T> const image{dz, wt, dx, G.out, G.in, G.how.kernel, G.how.groups};
  std::array<axis, G.how.stride> rows;
  for (int phase = 0; phase < G.how.stride; ++phase)
    rows[phase] = gradient_axis(G.how, G.in.height, G.out.height, phase);
  [&]<int... phase>(std::integer_sequence<int, phase...>) {
    write_image<T, Arch, false, blocks_of(G.in.channels), (G.how.groups > 1),
                gradient_axis(G.how, G.in.width, G.out.width, phase)...>(image, rows.data(), prepare, finish);
  }
  (std::make_integer_sequence<int, G.how.stride>{});
}

}  // namespace laminate::kernels
