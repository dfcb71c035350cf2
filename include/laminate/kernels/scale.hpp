// A blocked image times a number per channel, and the gradient at these numbers. Sizes are run-time numbers.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/kernels/machine.hpp>

namespace laminate::kernels {

/// y(channel, pixel) = x(channel, pixel) · factor(channel). `finish(block, first pixel, count)` after each row.
template<class T, class Arch, class Finish>
void scale_channels(shape in, T const* x, T const* factor, T* y, Finish&& finish) {
  for (int block = 0; block < blocks_of(in.channels); ++block)
    for (int i = 0; i < in.height; ++i) {
      for (int j = 0; j < in.width; ++j, x += channel_block, y += channel_block)
        for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
          store<T, Arch>(y + lane, load<T, Arch>(x + lane) * load<T, Arch>(factor + block * channel_block + lane));
      finish(block, i * in.width, in.width);
    }
}

/// df(channel) = Σ over pixels of x(channel, pixel) · dy(channel, pixel); df is features. `finish(block, 0, 1)` after
/// each block.
template<class T, class Arch, class Finish>
void factor_gradient(shape in, T const* x, T const* dy, T* df, Finish&& finish) {
  for (int block = 0; block < blocks_of(in.channels); ++block) {
    long const first = static_cast<long>(block) * in.pixels() * channel_block;
    for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>) {
      vector<T, Arch> even = broadcast<T, Arch>(0), odd = even;
      auto const add = [&](vector<T, Arch> & to, int pixel) __attribute__((always_inline)) {
        long const at = first + pixel * channel_block + lane;
        to = multiply_add(load<T, Arch>(x + at), load<T, Arch>(dy + at), to);
      };
      int p = 0;
      for (; p + 2 <= in.pixels(); p += 2) add(even, p), add(odd, p + 1);
      if (p < in.pixels()) add(even, p);
      store<T, Arch>(df + block * channel_block + lane, even + odd);
    }
    finish(block, 0, 1);
  }
}

}  // namespace laminate::kernels
