// Upsampling of one blocked image, vectorised over channels, and its gradient.
#pragma once

#include <algorithm>
#include <laminate/describe/window.hpp>
#include <laminate/kernels/pool.hpp>

namespace laminate::kernels {

/// Where an output lies between two inputs of its axis: (1 − share)·first + share·second.
struct between {
  int first = 0;
  int second = 0;
  double share = 0;
};

/// In whole numbers of 1/(2·stride): (output + 1/2)/stride − 1/2 is (2·output + 1 − stride)/(2·stride).
template<window How> constexpr between place_of(int output, int inputs) {
  constexpr int units = 2 * How.stride;
  if (How.kernel == 1) return {output / How.stride, output / How.stride, 0};
  int const at = std::max(2 * output + 1 - How.stride, 0);
  return {at / units, std::min(at / units + 1, inputs - 1), static_cast<double>(at % units) / units};
}

/// Calls at(input index, weight) for the inputs that output (i, j) mixes: one, or four.
template<class T, window How, class At>
[[gnu::always_inline]] inline void for_each_mixed(shape in, int i, int j, At&& at) {
  between const down = place_of<How>(i, in.height), across = place_of<How>(j, in.width);
  auto const one = [&](int row, int column, double weight) __attribute__((always_inline)) {
    at(static_cast<long>(row * in.width + column) * channel_block, static_cast<T>(weight));
  };
  one(down.first, across.first, (1 - down.share) * (1 - across.share));
  if constexpr (How.kernel > 1) {
    one(down.first, across.second, (1 - down.share) * across.share);
    one(down.second, across.first, down.share * (1 - across.share));
    one(down.second, across.second, down.share * across.share);
  }
}

/// y(channel, i, j) = Σ weight · x(channel, input).
template<class T, class Arch, window How, class Finish>
void upsample(sliding const& g, T const* x, T* y, Finish&& finish) {
  write_pool<T, Arch>(
      g, x, y,
      [&](T const* from, int i, int j) __attribute__((always_inline)) {
        vector<T, Arch> sum = broadcast<T, Arch>(0);
        for_each_mixed<T, How>(
            g.in, i, j, [&](long at, T weight) __attribute__((always_inline)) {
              sum = multiply_add(load<T, Arch>(from + at), broadcast<T, Arch>(weight), sum);
            });
        return sum;
      },
      finish);
}

/// dx(channel, input) = Σ weight · dy(channel, i, j) over the outputs it is mixed into. `finish` after each row of dx.
template<class T, class Arch, window How, class Finish>
void upsample_gradient(sliding const& g, T const* dy, T* dx, Finish&& finish) {
  long const in_size = static_cast<long>(g.in.pixels()) * channel_block;
  for (int block = 0; block < blocks_of(g.in.channels); ++block, dx += in_size) {
    std::fill_n(dx, in_size, T(0));
    for (int i = 0; i < g.out.height; ++i)
      for (int j = 0; j < g.out.width; ++j, dy += channel_block)
        for_each_mixed<T, How>(
            g.in, i, j, [&](long at, T weight) __attribute__((always_inline)) {
              vector<T, Arch> const part = broadcast<T, Arch>(weight);
              for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
                store<T, Arch>(dx + at + lane,
                               multiply_add(load<T, Arch>(dy + lane), part, load<T, Arch>(dx + at + lane)));
            });
    for (int row = 0; row < g.in.height; ++row) finish(block, row * g.in.width, g.in.width);
  }
}

}  // namespace laminate::kernels
