// How a row of pixels is cut into tiles whose sums stay in registers, and loops that unroll while compiling.
#pragma once

#include <laminate/kernels/machine.hpp>
#include <utility>

namespace laminate::kernels {

/// The constants 0 … n−1. `[&]<int... i>(constants<i...>) { (use(i), ...); }(upto<n>)` is one function for all of them.
template<int... i> using constants = std::integer_sequence<int, i...>;
template<int n> inline constexpr std::make_integer_sequence<int, n> upto{};

/// unroll(upto<n>, body): body(constant 0) … body(constant n−1), a function each. A run-time
/// loop over accumulators would put them into memory.
template<int... i, class Body> [[gnu::always_inline]] inline void unroll(constants<i...>, Body&& body) {
  (body(std::integral_constant<int, i>{}), ...);
}

/// A row cut as evenly as possible: `wide_tiles` tiles of `wide` pixels, then the rest one pixel narrower.
struct row_split {
  int tiles = 0;
  int wide = 1;
  int wide_tiles = 0;

  constexpr int pixels(int tile) const { return tile < wide_tiles ? wide : wide - 1; }
  constexpr int start(int tile) const { return tile * (wide - 1) + (tile < wide_tiles ? tile : wide_tiles); }
};

constexpr row_split split_row(int pixels, int most) {
  if (pixels <= 0) return {};
  int const tiles = (pixels + most - 1) / most;
  int const wide = (pixels + tiles - 1) / tiles;
  return {tiles, wide, pixels - tiles * (wide - 1)};
}

/// The most pixels one tile may have when it writes `blocks` channel blocks, `channels` of each.
template<class T, class Machine, int channels = channel_block> constexpr int most_pixels(int blocks) {
  using Arch = arch_of_block<T, Machine, channels>;
  int const most = accumulators<Arch> / (channels / lanes<T, Arch> * blocks);
  return most < 1 ? 1 : most;
}

/// Channel blocks of a tile: as many as leave the tile as wide as it is with the fewest. Narrow images get deep tiles.
template<class T, class Arch> constexpr int tile_blocks(int row_pixels, int available) {
  // Two vectors of weights share the broadcast inputs: with one there is a load for each product, and processors of
  // AVX-512 load no more than they multiply.
  int blocks = vectors_per_block<T, Arch> == 1 && available >= 2 ? 2 : 1;
  int const wide = split_row(row_pixels, most_pixels<T, Arch>(blocks)).wide;
  while (blocks < 4 && 2 * blocks <= available && most_pixels<T, Arch>(2 * blocks) >= wide &&
         2 * blocks * wide * vectors_per_block<T, Arch> <= accumulators<Arch>)
    blocks *= 2;
  return blocks;
}

/// sum(v) += x · factor(v): one broadcast for all.
template<class T, class Arch, int vectors>
[[gnu::always_inline]] inline void add_products(T const* x, vector<T, Arch> const* factor, vector<T, Arch>* sum) {
  vector<T, Arch> input = broadcast<T, Arch>(*x);
  if constexpr (vectors > 1) keep_in_register<T, Arch>(input);
  [&]<int... v>(constants<v...>) __attribute__((always_inline)) {
    ((sum[v] = multiply_add<T, Arch>(input, factor[v], sum[v])), ...);
  }
  (upto<vectors>);
}

}  // namespace laminate::kernels
