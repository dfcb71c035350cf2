// A convolution of too few samples for all threads is cut into pieces of its output.
#pragma once

#include <algorithm>
#include <laminate/describe/weights.hpp>
#include <laminate/fusion/algorithms.hpp>
#include <laminate/fusion/step.hpp>
#include <laminate/kernels/convolve/axis.hpp>
#include <laminate/support/parallel.hpp>
#include <limits>

namespace laminate::kernels {

/// Rows of each sample, or, where a convolution is computed by tiles, rows of the tiles of all samples of a unit; and
/// blocks of channels. By default all.
struct piece_of_output {
  span_of rows{0, std::numeric_limits<int>::max()};
  block_range blocks{0, std::numeric_limits<int>::max()};
};

/// Vector operations that are worth a thread: they take five microseconds, and to hand them over takes a part of one.
inline constexpr double work_of_a_piece = 20'000;

/// Whether the pieces are blocks of channels: with many of them, transforming the input in each piece again costs
/// little, and each piece reads weights of its own.
constexpr bool cuts_channels(fusion::signature const& s, int pieces) {
  return s.by != algorithm::direct && blocks_of(s.sizes.out.channels) >= 4 * pieces;
}

/// What there is to cut: rows of each sample, rows of a sample's tiles, or pairs of blocks, which kernels take
/// together.
constexpr int cuttable(fusion::signature const& s, int pieces) {
  if (s.by == algorithm::direct) return s.sizes.out.height;
  tiling const t = tiling_of(s.sizes, s.by);
  return cuts_channels(s, pieces) ? blocks_of(s.sizes.out.channels) / 2 : t.down;
}

/// In how many pieces threads compute a step of `units` units. Every output is computed as it would be in one, so the
/// result does not depend on it. Steps that also sum up, or compute their input while loading, stay whole.
constexpr int pieces_of(fusion::step const& of, int units, int threads) {
  fusion::signature const& s = of.code;
  if (units >= threads || s.does != fusion::work::convolve || s.fed_by[0] >= 0 || of.store.reductions.size > 0)
    return 1;
  double const at_most = weights_size(s.sizes) / channel_block * static_cast<double>(s.sizes.out.pixels());
  if (at_most < 2 * work_of_a_piece) return 1;  // spares small steps the reckoning
  int const worth = static_cast<int>(fusion::cost_of(s.sizes, direction::forward, s.by) / work_of_a_piece);
  int const pieces = std::min(threads / units, worth);
  return pieces < 2 ? 1 : std::min(pieces, cuttable(s, pieces));
}

/// Piece `piece` of `pieces` of a unit of `samples` samples.
constexpr piece_of_output piece_of(fusion::signature const& s, int samples, int piece, int pieces) {
  if (pieces == 1) return {};
  bool const by_tiles = s.by != algorithm::direct, channels = cuts_channels(s, pieces);
  int const all = cuttable(s, pieces) * (by_tiles && !channels ? samples : 1);
  int const begin = cut_evenly(all, pieces, piece), end = cut_evenly(all, pieces, piece + 1);
  int const blocks = blocks_of(s.sizes.out.channels);
  if (channels) return {.blocks = {2 * begin, piece + 1 == pieces ? blocks : 2 * end}};
  return {.rows = {begin, end}};
}

}  // namespace laminate::kernels
