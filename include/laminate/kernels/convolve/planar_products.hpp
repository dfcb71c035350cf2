// The weight gradient of a network's first convolution, whose input is planar: sums over taps instead of
// channels.
#pragma once

#include <algorithm>
#include <laminate/describe/window.hpp>
#include <laminate/kernels/convolve/tile_code.hpp>
#include <laminate/kernels/tile.hpp>

namespace laminate::kernels {

/// Horizontal taps of one pass: the kernel's, or even parts of them where the accumulators do not hold all, of
/// `vectors` vectors each.
template<class Arch> constexpr int taps_across(int kernel, int vectors) {
  return split_row(kernel, std::max(1, accumulators<Arch> / vectors)).wide;
}

/// Vertical taps of one pass: as many as the accumulators hold next to `across` horizontal ones.
template<class Arch> constexpr int taps_down(int kernel, int across, int vectors) {
  return std::min(kernel, std::max(1, accumulators<Arch> / vectors / across));
}

/// Where a pass over taps finds its inputs and gradients, in scalars.
struct tap_strides {
  int rows = 0, count = 0;     // output pixels summed over
  long x_row = 0, x_down = 0;  // between output rows; between vertical taps
  long dz_row = 0;
  long dw_down = 0, dw_across = 0;
};

/// How the taps of one pass lie: `down` × `across` of them, `hole` columns apart, over outputs `stride` columns apart,
/// of whose block `vectors` vectors count.
struct tap_pattern {
  int down, across, stride, hole, vectors;
};

/// The products of `pixels` outputs side by side: every input is loaded once for all of them and their taps. Rows of
/// taps take turns, so that a sum does not wait for its last product.
template<class T, class Arch, tap_pattern taps, int pixels>
[[gnu::always_inline]] inline void add_tap_columns(T const* x, T const* dz, long x_down, vector<T, Arch>* sum) {
  constexpr int vectors = taps.vectors;
  constexpr auto& row =
      by_columns<tile_code{.pixels = pixels, .taps = taps.across, .jump = taps.hole, .input_step = taps.stride}>;
  vector<T, Arch> gradient[pixels * vectors];
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((gradient[n] = load<T, Arch>(dz + n / vectors * channel_block + n % vectors * lanes<T, Arch>)), ...);
    if constexpr (pixels == 1 && vectors <= 2) (keep_in_register<T, Arch>(gradient[n]), ...);
  }
  (upto<pixels * vectors>);
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (add_products<T, Arch, vectors>(x + n % taps.down * x_down + row.column[n / taps.down],
                                    gradient + row.pixel[n / taps.down] * vectors,
                                    sum + (n % taps.down * taps.across + row.tap[n / taps.down]) * vectors),
     ...);
  }
  (upto<taps.down * row.size>);
}

/// dw(r, s, 16k) += Σ_pixels x(pixel + r·down + s·hole) · dz(pixel, 16k) for the taps of a pass.
template<class T, class Arch, tap_pattern taps>
[[gnu::noinline]] void add_tap_products(T const* x, T const* dz, T* dw, tap_strides const& by) {
  constexpr int vectors = taps.vectors, width = lanes<T, Arch>, all = taps.down * taps.across * vectors;
  constexpr int together = vectors == 1 ? std::min(4, registers<Arch> - 1 - all) : 1;  // outputs that registers hold
  vector<T, Arch> sum[all];
  auto const place = [&](int n) __attribute__((always_inline)) {
    int const tap = n / vectors;
    return dw + tap / taps.across * by.dw_down + tap % taps.across * by.dw_across + n % vectors * width;
  };
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { ((sum[n] = load<T, Arch>(place(n))), ...); }
  (upto<all>);
  for (int i = 0; i < by.rows; ++i) {
    T const *xp = x + i * by.x_row, *dzp = dz + i * by.dz_row;
    int j = 0;
    for (; j + together <= by.count; j += together, xp += together * taps.stride, dzp += together * channel_block)
      add_tap_columns<T, Arch, taps, together>(xp, dzp, by.x_down, sum);
    for (; j < by.count; ++j, xp += taps.stride, dzp += channel_block)
      add_tap_columns<T, Arch, taps, 1>(xp, dzp, by.x_down, sum);
  }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { (store<T, Arch>(place(n), sum[n]), ...); }
  (upto<all>);
}

/// All taps of a kernel × kernel window in passes that fit into registers.
template<class T, class Arch, window how, int vectors>
void add_all_taps(T const* x, T const* dz, T* dw, tap_strides const& by) {
  constexpr int kernel = how.kernel, across = taps_across<Arch>(kernel, vectors);
  constexpr int down = taps_down<Arch>(kernel, across, vectors);
  constexpr int rest_down = kernel % down, rest_across = kernel % across;
  auto const columns = [&]<int rows>(int r) {
    auto const start = [&](int s) { return x + r * by.x_down + s * how.dilation; };
    auto const place = [&](int s) { return dw + r * by.dw_down + s * by.dw_across; };
    for (int s = 0; s + across <= kernel; s += across)
      add_tap_products<T, Arch, tap_pattern{rows, across, how.stride, how.dilation, vectors}>(start(s), dz, place(s),
                                                                                              by);
    constexpr int s = kernel - rest_across;
    if constexpr (rest_across > 0)
      add_tap_products<T, Arch, tap_pattern{rows, rest_across, how.stride, how.dilation, vectors}>(start(s), dz,
                                                                                                   place(s), by);
  };
  for (int r = 0; r + down <= kernel; r += down) columns.template operator()<down>(r);
  if constexpr (rest_down > 0) columns.template operator()<rest_down>(kernel - rest_down);
}

}  // namespace laminate::kernels
