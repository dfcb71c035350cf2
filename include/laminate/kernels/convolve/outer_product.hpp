// The micro-kernel of blocked weight gradients: a sum of outer products, some channels × 16, kept in
// registers.
#pragma once

#include <algorithm>
#include <laminate/kernels/tile.hpp>

namespace laminate::kernels {

/// Which pairs of pixels (or samples) are summed: `rows` rows of `count`. All of it run-time, so that every
/// blocked weight gradient of a program, whatever its geometry, is one instantiation.
struct pixel_pairs {
  int rows = 0;
  int count = 0;
  long x_step = 0, x_row = 0;
  long dz_step = 0, dz_row = 0;
  bool starts = false;  ///< the sum begins here: what was in its place does not count
};

/// Input channels of one pass: as many as there are accumulators for.
template<class T, class Arch> constexpr int channels_per_pass() {
  return std::clamp(accumulators<Arch> / vectors_per_block<T, Arch>, 1, channel_block);
}

/// One pixel: sum(n, 16k) += *x(n) · dz(16k). The gradients stay in registers while the inputs pass, one
/// broadcast at a time.
template<class T, class Arch, int inputs, class Input>
[[gnu::always_inline]] inline void add_pixel(T const* dz, vector<T, Arch>* sum, Input&& x) {
  constexpr int vectors = vectors_per_block<T, Arch>;
  vector<T, Arch> gradient[vectors];
  [&]<int... v>(constants<v...>) __attribute__((always_inline)) {
    ((gradient[v] = load<T, Arch>(dz + v * lanes<T, Arch>)), ...);
    if constexpr (vectors <= 2) (keep_in_register<T, Arch>(gradient[v]), ...);
  }
  (upto<vectors>);
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (add_products<T, Arch, vectors>(x(n), gradient, sum + n * vectors), ...);
  }
  (upto<inputs>);
}

/// dw(c, k) += Σ_pixels x(pixel, c) · dz(pixel, k) for `channels` c and 16 k, or = where the sum starts.
template<class T, class Arch, int channels>
[[gnu::noinline]] void add_outer_products(T const* x, T const* dz, T* dw, pixel_pairs const& over) {
  constexpr int vectors = vectors_per_block<T, Arch>, width = lanes<T, Arch>;
  vector<T, Arch> sum[channels * vectors];
  bool const starts = over.starts;
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((sum[n] = starts ? broadcast<T, Arch>(0) : load<T, Arch>(dw + n * width)), ...);
  }
  (upto<channels * vectors>);
  for (int row = 0; row < over.rows; ++row) {
    T const* xp = x + row * over.x_row;
    T const* dzp = dz + row * over.dz_row;
    for (int j = 0; j < over.count; ++j, xp += over.x_step, dzp += over.dz_step)
      add_pixel<T, Arch, channels>(
          dzp, sum, [&](int c) __attribute__((always_inline)) { return xp + c; });
  }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { (store<T, Arch>(dw + n * width, sum[n]), ...); }
  (upto<channels * vectors>);
}

/// The same for a number of channels known while compiling: whole passes, then the rest in one.
template<class T, class Arch, int channels>
void add_channel_products(T const* x, T const* dz, T* dw, pixel_pairs const& over) {
  constexpr int pass = channels_per_pass<T, Arch>(), rest = channels % pass;
  for (int c = 0; c + pass <= channels; c += pass)
    add_outer_products<T, Arch, pass>(x + c, dz, dw + c * channel_block, over);
  if constexpr (rest > 0)
    add_outer_products<T, Arch, rest>(x + channels - rest, dz, dw + (channels - rest) * channel_block, over);
}

}  // namespace laminate::kernels
