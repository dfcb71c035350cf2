// The weight gradient of a network's first convolution, whose input is planar: sums over taps instead of
// channels.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/outer_product.hpp>

namespace laminate::kernels {

/// Horizontal taps of one pass: the kernel's, or even parts of them where the accumulators do not hold all.
template<class T, class Arch> constexpr int taps_across(int kernel) {
  return split_row(kernel, most_pixels<T, Arch>(1)).wide;
}

/// Vertical taps of one pass: as many as the accumulators hold next to `across` horizontal ones.
template<class T, class Arch> constexpr int taps_down(int kernel, int across) {
  return std::min(kernel, std::max(1, most_pixels<T, Arch>(1) / across));
}

/// Where a pass over taps finds its inputs and gradients, in scalars.
struct tap_strides {
  int rows = 0, count = 0;     // output pixels summed over
  int x_step = 1;              // between outputs
  long x_row = 0, x_down = 0;  // between output rows; between vertical taps
  int x_across = 1;            // between horizontal taps
  long dz_row = 0;
  long dw_down = 0, dw_across = 0;
};

/// dw(r, s, 16k) += Σ_pixels x(pixel + r·down + s·across) · dz(pixel, 16k) for down × across taps.
template<class T, class Arch, int down, int across>
[[gnu::noinline]] void add_tap_products(T const* x, T const* dz, T* dw, tap_strides const& by) {
  constexpr int vectors = vectors_per_block<T, Arch>, width = lanes<T, Arch>;
  vector<T, Arch> sum[down * across * vectors];
  auto const place = [&](int n) __attribute__((always_inline)) {
    return dw + n / vectors / across * by.dw_down + n / vectors % across * by.dw_across + n % vectors * width;
  };
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { ((sum[n] = load<T, Arch>(place(n))), ...); }
  (upto<down * across * vectors>);
  for (int i = 0; i < by.rows; ++i)
    for (int j = 0; j < by.count; ++j) {
      T const* const dzp = dz + i * by.dz_row + j * channel_block;
      T const* const xp = x + i * by.x_row + j * by.x_step;
      add_pixel<T, Arch, down * across>(
          dzp, sum, [&](int tap) __attribute__((always_inline)) {
            return xp + tap / across * by.x_down + tap % across * by.x_across;
          });
    }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { (store<T, Arch>(place(n), sum[n]), ...); }
  (upto<down * across * vectors>);
}

/// All taps of a kernel × kernel window in passes that fit into registers.
template<class T, class Arch, int kernel> void add_all_taps(T const* x, T const* dz, T* dw, tap_strides const& by) {
  constexpr int across = taps_across<T, Arch>(kernel), down = taps_down<T, Arch>(kernel, across);
  constexpr int rest_down = kernel % down, rest_across = kernel % across;
  auto const columns = [&]<int rows>(int r) {
    auto const start = [&](int s) { return x + r * by.x_down + s * by.x_across; };
    auto const place = [&](int s) { return dw + r * by.dw_down + s * by.dw_across; };
    for (int s = 0; s + across <= kernel; s += across)
      add_tap_products<T, Arch, rows, across>(start(s), dz, place(s), by);
    constexpr int s = kernel - rest_across;
    if constexpr (rest_across > 0) add_tap_products<T, Arch, rows, rest_across>(start(s), dz, place(s), by);
  };
  for (int r = 0; r + down <= kernel; r += down) columns.template operator()<down>(r);
  if constexpr (rest_down > 0) columns.template operator()<rest_down>(kernel - rest_down);
}

}  // namespace laminate::kernels
