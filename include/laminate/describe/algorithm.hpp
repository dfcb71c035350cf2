// How a convolution is computed: directly, or by Winograd's minimal filtering; and how the latter cuts an image.
#pragma once

#include <algorithm>
#include <array>
#include <laminate/describe/layout.hpp>
#include <laminate/describe/window.hpp>

namespace laminate {

/// winograd_m computes m×m outputs of a K×K convolution from (m + K − 1)² products per pair of channels instead of
/// K²·m² (Lavin & Gray 2015, arXiv:1509.09308): for 3×3 2.25, 4 and 5.06 times fewer with m = 2, 4 and 6; for 5×5 2.78
/// and 6.25 times with m = 2 and 4.
enum class algorithm : unsigned char { direct, winograd_2, winograd_4, winograd_6 };

/// The three sums a convolution is in training: its result, and the gradients at its input and its weights.
enum class direction : unsigned char { forward, data_gradient, weight_gradient };

/// F(outputs × outputs, taps × taps): what a tile gives of a kernel of so many taps along an axis.
struct minimal_filtering {
  int outputs = 0;
  int taps = 0;

  constexpr int side() const { return outputs + taps - 1; }   ///< of the inputs that a tile reads
  constexpr int products() const { return side() * side(); }  ///< per pair of channels and tile
};

/// What `a` is for such a window; nothing for the direct algorithm.
constexpr minimal_filtering filtering_of(algorithm a, window const& how) {
  if (a == algorithm::direct) return {};
  return {2 * static_cast<int>(a), how.kernel};
}

/// The convolution that the data gradient of g is: from the outputs' gradient to the inputs'. For stride 1.
constexpr sliding backwards(sliding const& g) {
  sliding back{g.out, g.in, g.how};
  back.how.padding = g.how.extent() - 1 - g.how.padding;
  return back;
}

/// What the code of a convolution by tiles depends on.
struct tile_kind {
  minimal_filtering by;
  int in = channel_block, out = channel_block;  ///< channels that are computed of a block
};
constexpr tile_kind tile_kind_of(sliding const& g, algorithm a) {
  return {filtering_of(a, g.how), computed_of_block(g.in.channels), computed_of_block(g.out.channels)};
}

/// The inputs of a tile along an axis, at most: more would round too much.
inline constexpr int largest_tile = 8;

/// Whether g can be computed by `a`, of a blocked image.
constexpr bool suits_algorithm(sliding const& g, algorithm a) {
  window const& w = g.how;
  return a == algorithm::direct || (w.kernel > 1 && w.stride == 1 && w.dilation == 1 && w.groups == 1 &&
                                    w.padding < w.kernel && filtering_of(a, w).side() <= largest_tile);
}

/// Those by tiles, the smallest first: where one of them suits, those before it do.
inline constexpr std::array tiled_algorithms{algorithm::winograd_2, algorithm::winograd_4, algorithm::winograd_6};
constexpr bool suits_tiles(sliding const& g) { return suits_algorithm(g, tiled_algorithms[0]); }

/// The tiles of an image, and how many of them are transformed and multiplied together.
struct tiling {
  int side = 0;     ///< m: a tile's outputs along an axis
  int across = 0;   ///< tiles of a row
  int down = 0;     ///< rows of tiles of an image
  int samples = 1;  ///< images worked on together, so that small ones make enough tiles
  int rows = 0;     ///< rows of tiles in a block, the most

  constexpr int tiles() const { return rows * across; }  ///< of a block
};

/// The caches that plans reckon with: a level-2 cache, and what is left to one of two threads of a last-level cache of
/// 32 MiB.
inline constexpr long level_2_bytes = 1024 * 1024, last_level_bytes = 12L * 1024 * 1024;

/// What a thread may plan to keep of a level-2 cache.
inline constexpr double near_bytes = 0.75 * level_2_bytes;

/// A block's transformed inputs and products should stay in half of a level-2 cache; fewer than `least` tiles
/// would read each transformed weight for too little work, more than `most` gain nothing. Weights that come from memory
/// for each block are read for as many.
inline constexpr int block_bytes = level_2_bytes / 2, least_tiles = 24, most_tiles = 64;
inline constexpr int most_samples_of_tiles = 16;

// By value: a compiler remembers what a function made of values, and layers repeat.
constexpr tiling tiling_of(sliding g, algorithm a) {
  minimal_filtering const by = filtering_of(a, g.how);
  tiling t{.side = by.outputs};
  t.across = (g.out.width + t.side - 1) / t.side;
  t.down = (g.out.height + t.side - 1) / t.side;
  int const per_tile =
      by.products() * (padded(g.in.channels) + padded(g.out.channels)) * static_cast<int>(sizeof(float));
  long const weights =
      static_cast<long>(by.products()) * padded(g.in.channels) * padded(g.out.channels) * sizeof(float);
  int const wanted =
      weights > last_level_bytes ? most_tiles : std::clamp(block_bytes / per_tile, least_tiles, most_tiles);
  int const image = t.across * t.down;
  while (t.samples < most_samples_of_tiles && 2 * t.samples * image <= wanted) t.samples *= 2;
  int const all_rows = t.samples * t.down;
  int const blocks = (all_rows + std::max(1, wanted / t.across) - 1) / std::max(1, wanted / t.across);
  t.rows = (all_rows + blocks - 1) / blocks;
  return t;
}

/// Scalars of a tile's channels.
constexpr int tile_channels(int channels) { return blocks_of(channels) * computed_of_block(channels); }

/// Scalars from one of the products' matrices to the next, for `channels` channels: a line more than they take, or all
/// of them would meet in the same sets of the level-1 cache.
constexpr long matrix_stride(tiling const& t, int channels) {
  return static_cast<long>(t.tiles()) * tile_channels(channels) + channel_block;
}

/// Scalars one thread needs for a block: the transformed inputs and the products.
constexpr long block_size(sliding g, algorithm a) {
  tiling const t = tiling_of(g, a);
  return filtering_of(a, g.how).products() * (matrix_stride(t, g.in.channels) + matrix_stride(t, g.out.channels));
}

}  // namespace laminate
