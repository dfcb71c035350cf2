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
  long dz_block = 0, dw_block = 0;  ///< to the next block of outputs, where two are summed together
  long x_next = 0;                  ///< to inputs that are read later, where some are
  bool starts = false;              ///< the sum begins here: what was in its place does not count
};

/// Where a vector is a block of outputs, two of them share each input: else every product would have a load.
template<class T, class Arch> inline constexpr bool sums_two_blocks = vectors_per_block<T, Arch> == 1;

/// body(block, how many as a constant) for all blocks of outputs, in order.
template<class T, class Arch, class Body> void for_blocks(int blocks, Body&& body) {
  int kb = 0;
  if constexpr (sums_two_blocks<T, Arch>)
    for (; kb + 2 <= blocks; kb += 2) body(kb, std::integral_constant<int, 2>{});
  for (; kb < blocks; ++kb) body(kb, std::integral_constant<int, 1>{});
}

/// Input channels of one pass: as many as there are accumulators for.
template<class T, class Machine, int blocks = 1, int outputs = channel_block> constexpr int channels_per_pass() {
  using Arch = arch_of_block<T, Machine, outputs>;
  return std::clamp(accumulators<Arch> / (blocks * outputs / lanes<T, Arch>), 1, channel_block);
}

/// dw(c, k) += Σ_pixels x(pixel, c) · dz(pixel, k) for `channels` c and 16 · blocks k, or = where the sum starts. The
/// gradients stay in registers while the inputs pass, one broadcast at a time. Where more is read after them, `ahead`,
/// it is brought near meanwhile. `outputs`: of a block, 16 or 8.
template<class T, class Machine, int channels, int blocks = 1, bool ahead = false, int outputs = channel_block>
[[gnu::noinline]] void add_outer_products(T const* x, T const* dz, T* dw, pixel_pairs const& over) {
  using Arch = arch_of_block<T, Machine, outputs>;
  constexpr int width = lanes<T, Arch>, of_block = outputs / width, vectors = blocks * of_block;
  vector<T, Arch> sum[channels * vectors];
  bool const starts = over.starts;
  auto const place = [&](int n) __attribute__((always_inline)) {
    return dw + n / vectors * channel_block + n % vectors / of_block * over.dw_block + n % of_block * width;
  };
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((sum[n] = starts ? broadcast<T, Arch>(0) : load<T, Arch>(place(n))), ...);
  }
  (upto<channels * vectors>);
  for (int row = 0; row < over.rows; ++row) {
    T const* xp = x + row * over.x_row;
    T const* dzp = dz + row * over.dz_row;
    for (int j = 0; j < over.count; ++j, xp += over.x_step, dzp += over.dz_step) {
      if constexpr (ahead) __builtin_prefetch(xp + over.x_next, 0, 2);
      vector<T, Arch> gradient[vectors];
      [&]<int... v>(constants<v...>) __attribute__((always_inline)) {
        ((gradient[v] = load<T, Arch>(dzp + v / of_block * over.dz_block + v % of_block * width)), ...);
        if constexpr (vectors <= 2) (keep_in_register<T, Arch>(gradient[v]), ...);
      }
      (upto<vectors>);
      [&]<int... c>(constants<c...>) __attribute__((always_inline)) {
        (add_products<T, Arch, vectors>(xp + c, gradient, sum + c * vectors), ...);
      }
      (upto<channels>);
    }
  }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { (store<T, Arch>(place(n), sum[n]), ...); }
  (upto<channels * vectors>);
}

/// The same for a number of channels known while compiling: whole passes, then the rest in one.
template<class T, class Arch, int channels, int blocks = 1, bool ahead = false, int outputs = channel_block>
void add_channel_products(T const* x, T const* dz, T* dw, pixel_pairs const& over) {
  constexpr int pass = channels_per_pass<T, Arch, blocks, outputs>(), rest = channels % pass;
  for (int c = 0; c + pass <= channels; c += pass)
    add_outer_products<T, Arch, pass, blocks, ahead, outputs>(x + c, dz, dw + c * channel_block, over);
  if constexpr (rest > 0)
    add_outer_products<T, Arch, rest, blocks, ahead, outputs>(x + channels - rest, dz,
                                                              dw + (channels - rest) * channel_block, over);
}

}  // namespace laminate::kernels
