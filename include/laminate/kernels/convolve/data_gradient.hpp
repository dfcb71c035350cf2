// The gradient of a convolution with respect to its input, one image: the forward micro-kernel on flipped
// weights.
#pragma once

#include <algorithm>
#include <array>
#include <laminate/kernels/convolve/image.hpp>
#include <laminate/kernels/transpose.hpp>

namespace laminate::kernels {

/// The weights that the data gradient of g reads: inputs and outputs exchanged, both kernel axes reversed, that is
/// wt(c block, k block, R−1−r, S−1−s, k, c) = w(k block, c block, r, s, c, k). weights_size(exchanged(g)) scalars.
template<class T> void transpose_weights(sliding const& g, T const* w, T* wt) {
  int const inputs = g.in.channels, outputs = g.out.channels, taps = g.how.kernel * g.how.kernel;
  int const rows = weight_channels(inputs), columns = weight_channels(outputs);
  if (is_depthwise(g)) {
    for (int b = 0; b < blocks_of(inputs); ++b)
      for (int tap = 0; tap < taps; ++tap)
        std::copy_n(w + (b * taps + tap) * channel_block, channel_block,
                    wt + (b * taps + taps - 1 - tap) * channel_block);
    return;
  }
  int const most = most_connected(g), most_back = most_connected(exchanged(g));
  for (int cb = 0; cb < blocks_of(inputs); ++cb) {
    block_range const met = connected_blocks(exchanged(g), cb);
    for (int kb = met.begin; kb < met.end; ++kb) {
      long const block = kb * most + cb - connected_blocks(g, kb).begin, block_back = cb * most_back + kb - met.begin;
      turn_block(w + block * taps * rows * channel_block, wt + block_back * taps * columns * channel_block, taps, rows,
                 columns);
    }
  }
}

/// The rows of dx by phases.
template<sliding G> constexpr auto gradient_rows() {
  std::array<axis, G.how.stride> rows;
  for (int phase = 0; phase < G.how.stride; ++phase)
    rows[phase] = gradient_axis(G.how, G.in.height, G.out.height, phase);
  return rows;
}

/// dx = the gradient at the input of G, blocked; dz is the blocked gradient at its output and wt the
/// transposed weights. `finish(block, first pixel, count)` is called once for every row of dx of every block.
/// `prepare(rows)` is called before rows of dz up to `rows` are read for the first time; it may write them.
template<class T, class Arch, sliding G, class Prepare, class Finish>
void convolve_data_gradient(T const* dz, T const* wt, T* dx, Prepare&& prepare, Finish&& finish) {
  constexpr int connected = most_connected(exchanged(G));
  image_sum<T> const image{dz, wt, dx, G.out, G.in, G.how.kernel, G.how.groups, connected, {0, G.in.height}};
  auto const rows = gradient_rows<G>();
  [&]<int... phase>(constants<phase...>) {
    write_image<T, Arch, summed_by(G, layout::blocked), rows_are_far<T>(exchanged(G), 1), G.in.channels,
                (G.how.groups > 1), gradient_axis(G.how, G.in.width, G.out.width, phase)...>(image, rows.data(),
                                                                                             prepare, finish);
  }
  (upto<G.how.stride>);
}

/// Whether the data gradient is that of few channels, of which each gets a vector where 16 outputs' shares are added
/// up: worth it where that saves more products than adding up the lanes in the end takes. (Three channels and less are
/// a network's input, whose gradient hardly anybody asks for and everybody would compile.)
template<class T, class Arch> constexpr bool sums_few(sliding const& g) {
  long const taps = static_cast<long>(g.how.kernel) * g.how.kernel / (g.how.stride * g.how.stride);
  return has_pairs<T, Arch> && g.how.groups == 1 && g.in.channels > 3 && g.in.channels <= channel_block / 2 &&
         (channel_block - g.in.channels) * taps * blocks_of(g.out.channels) >= 64;
}

/// The same there; w are the weights as they are, whose lanes are the outputs.
template<class T, class Arch, sliding G, class Prepare, class Finish>
void convolve_few_data_gradient(T const* dz, T const* w, T* dx, Prepare&& prepare, Finish&& finish) {
  image_sum<T> image{dz, w, dx, G.out, G.in, G.how.kernel, 1, blocks_of(G.out.channels), {0, G.in.height}};
  image.w -= tap_step<summing::few>(image) * (G.how.kernel * G.how.kernel - 1);
  auto const rows = gradient_rows<G>();
  [&]<int... phase>(constants<phase...>) {
    write_blocks<T, Arch, row_outputs{G.in.channels, 0, summing::few},
                 gradient_axis(G.how, G.in.width, G.out.width, phase)...>(image, rows.data(), 0, prepare, finish);
  }
  (upto<G.how.stride>);
}

}  // namespace laminate::kernels
