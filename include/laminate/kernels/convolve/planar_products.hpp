// The weight gradient of a network's first convolution, whose input is planar: sums over taps instead of
// channels.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/row.hpp>

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

/// The taps of one pass: down × across of them, of which the first is horizontally tap `first`. Of a block of outputs,
/// `vectors` vectors count.
struct tap_pattern {
  int down, across, first, vectors;
};

/// The inputs that `taps` read, along a row.
template<sliding G, tap_pattern taps> constexpr axis columns_of() {
  axis columns = forward_axis(G.how, G.in.width, G.out.width);
  columns.taps = taps.across, columns.first_input += taps.first * columns.jump;
  return columns;
}

/// The products of outputs side by side: every input is loaded once for all of them and their taps, none that is
/// outside of its row. Rows of taps take turns, so that a sum does not wait for its last product.
template<class T, class Arch, tile_code code, int down, int vectors>
[[gnu::always_inline]] inline void add_tap_columns(T const** x, int column, T const* dz, vector<T, Arch>* sum) {
  constexpr int pixels = code.pixels;
  constexpr auto& row = by_columns<code>;
  constexpr bool alone = pixels == 1 && vectors <= 2;  // g++ 12 would keep inputs for the next output, instead of sums
  for (int r = 0; r < down && alone; ++r) x[r] = hide_origin(x[r]);
  vector<T, Arch> gradient[pixels * vectors];
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((gradient[n] = load<T, Arch>(dz + n / vectors * channel_block + n % vectors * lanes<T, Arch>)), ...);
    if constexpr (alone) (keep_in_register<T, Arch>(gradient[n]), ...);
  }
  (upto<pixels * vectors>);
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (add_products<T, Arch, vectors>(x[n % down] + column + row.column[n / down],
                                    gradient + row.pixel[n / down] * vectors,
                                    sum + (n % down * code.taps + row.tap[n / down]) * vectors),
     ...);
  }
  (upto<down * row.size>);
}

/// Adds tiles [tile, …) of a row. x: column 0 of the rows that the taps read.
template<class T, class Arch, axis columns, int down, int vectors, int together, int tile = 0>
[[gnu::always_inline]] inline void add_tap_row(T const** x, T const* dz, vector<T, Arch>* sum) {
  constexpr row_split split = split_row(columns.outputs, together);
  if constexpr (tile < split.tiles) {
    constexpr row_outputs to{1, 0, summing::planes};
    constexpr int end = end_of_run(columns, to, split, tile);
    for (int t = tile; t < end; ++t) {
      int const output = split.start(t), column = output * columns.input_step + columns.first_input;
      add_tap_columns<T, Arch, code_of(columns, to, split, tile), down, vectors>(x, std::max(column, 0),
                                                                                 dz + output * channel_block, sum);
    }
    add_tap_row<T, Arch, columns, down, vectors, together, end>(x, dz, sum);
  }
}

/// dw(r, s, 16k) += Σ_pixels x(pixel + (r, s)) · dz(pixel, 16k) for the taps of a pass and `rows` rows of outputs. x is
/// a plane, of whose rows the first tap reads `from` first; rows outside are zeros. dz and dw are at the first output
/// and at the first tap.
template<class T, class Arch, sliding G, tap_pattern taps>
[[gnu::noinline]] void add_tap_products(T const* x, int from, T const* dz, T* dw, int rows) {
  constexpr int vectors = taps.vectors, across = taps.across, all = taps.down * across * vectors;
  constexpr int together = vectors == 1 ? std::min(4, registers<Arch> - 1 - all) : 1;  // outputs that registers hold
  alignas(64) static constexpr T outside[G.in.width]{};
  vector<T, Arch> sum[all];
  auto const place = [&](int n) __attribute__((always_inline)) {
    int const tap = n / vectors;
    return dw + (tap / across * G.how.kernel + tap % across) * tap_size(G) + n % vectors * lanes<T, Arch>;
  };
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { ((sum[n] = load<T, Arch>(place(n))), ...); }
  (upto<all>);
  for (int i = 0; i < rows; ++i, from += G.how.stride, dz += G.out.width * channel_block) {
    T const* at[taps.down];
    for (int r = 0; r < taps.down; ++r) {
      int const row = from + r * G.how.dilation;
      at[r] = row >= 0 && row < G.in.height ? x + static_cast<long>(row) * G.in.width : outside;
    }
    add_tap_row<T, Arch, columns_of<G, taps>(), taps.down, vectors, together>(at, dz, sum);
  }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { (store<T, Arch>(place(n), sum[n]), ...); }
  (upto<all>);
}

/// All taps over `rows` rows of outputs, in passes that fit into registers; from: see add_tap_products.
template<class T, class Arch, sliding G, int vectors>
void add_all_taps(T const* x, int from, T const* dz, T* dw, int rows) {
  constexpr int kernel = G.how.kernel, across = taps_across<Arch>(kernel, vectors);
  constexpr int down = taps_down<Arch>(kernel, across, vectors), rest = kernel % down;
  auto const add = [&]<int high, int... s>(constants<s...>, int r) {
    (add_tap_products<T, Arch, G, tap_pattern{high, std::min(across, kernel - s * across), s * across, vectors}>(
         x, from + r * G.how.dilation, dz, dw + (r * kernel + s * across) * tap_size(G), rows),
     ...);
  };
  constexpr auto passes = upto<(kernel + across - 1) / across>;
  for (int r = 0; r + down <= kernel; r += down) add.template operator()<down>(passes, r);
  if constexpr (rest > 0) add.template operator()<rest>(passes, kernel - rest);
}

}  // namespace laminate::kernels
