// All rows of one image: forward and data gradient are the same loops with different axis rules.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <laminate/describe/shape.hpp>
#include <laminate/kernels/convolve/groups.hpp>
#include <laminate/kernels/convolve/row.hpp>

namespace laminate::kernels {

/// One image's convolution as the loops see it: for the data gradient, x is dz and z is dx.
template<class T> struct image_sum {
  T const* x = nullptr;
  T const* w = nullptr;
  T* z = nullptr;
  shape in;
  shape out;
  int kernel = 1;
  int groups = 1;
  int connected = 1;  ///< most_connected(g), which is a loop over all blocks
  span_of rows{};     ///< of the output: those that are written

  constexpr sliding sizes() const { return {in, out, {.kernel = kernel, .groups = groups}}; }
};

/// Scalars from one tap of the weights to the next. Few outputs read weights as they are, in which taps run the other
/// way: w is at the last one.
template<summing by, class T> constexpr long tap_step(image_sum<T> const& of) {
  return by == summing::few ? -of.out.channels * channel_block : tap_size(of.sizes());
}

/// What is common to all rows of some blocks: the distances, and the channels these blocks see.
template<class T, summing by> row_sum<T> sum_of_blocks(image_sum<T> const& of, block_range met) {
  constexpr int pixel = by == summing::planes ? 1 : channel_block;
  row_sum<T> sum;
  sum.last_channels = std::min(channel_block, of.in.channels - (met.end - 1) * channel_block);
  sum.x_step = static_cast<long>(of.in.pixels()) * pixel;
  sum.w_step = of.kernel * of.kernel * std::abs(tap_step<by>(of));
  sum.w_block = of.connected * sum.w_step;
  sum.z_block = static_cast<long>(of.out.pixels()) * channel_block;
  return sum;
}

/// Moves the sum to output `n` of the phase `rows`. x, w and z are the image's, at the blocks of the sum.
template<class T, summing by>
[[gnu::always_inline]] inline void move_to_row(row_sum<T>& sum, image_sum<T> const& of, axis const& rows, int n,
                                               T const* x, T const* w, T* z, int steps) {
  long const x_row = static_cast<long>(of.in.width) * (by == summing::planes ? 1 : channel_block);
  long const w_row = of.kernel * tap_step<by>(of), z_row = static_cast<long>(of.out.width) * channel_block;
  int const first = n * rows.input_step + rows.first_input;
  span_of const taps = inside(first, rows.jump, rows.taps, rows.inputs);
  sum.rows = taps.end - taps.begin;
  sum.steps = sum.rows > 0 ? steps : 0;
  sum.x_row = rows.jump * x_row;
  sum.w_row = rows.weight_step * w_row;
  sum.x = sum.rows > 0 ? x + (first + taps.begin * rows.jump) * x_row : x;
  sum.w = w + (rows.first_weight + taps.begin * rows.weight_step) * w_row;
  sum.z = z + (rows.first_output + n * rows.output_step) * z_row;
}

/// The rows of x that output `n` of the phase `rows` needs: all before the answer.
constexpr int rows_needed(axis const& rows, int n) {
  int const end = n * rows.input_step + rows.first_input + (rows.taps - 1) * rows.jump + 1;
  return std::clamp(end, 0, rows.inputs);
}

/// Whether the input of g does not stay in level 2 with all else.
template<class T> constexpr bool is_far(sliding const& g) {
  long const scalars = static_cast<long>(most_connected(g)) * channel_block * g.in.pixels();
  return scalars * static_cast<long>(sizeof(T)) > level_2_bytes / 8;
}

/// Whether the rows of x that the next output adds, `step` further, are to be brought near: a processor does not
/// foresee them, because some in between are skipped or because there are many.
template<class T> constexpr bool rows_are_far(sliding const& g, int step) {
  return is_far<T>(g) && (step > 1 || most_connected(g) * g.how.kernel > 8);
}

/// For x that is there already.
struct nothing_to_prepare {
  void operator()(int) const {}
};

/// One complete output row: every phase of its columns.
template<class T, class Arch, row_outputs to, axis... columns>
[[gnu::always_inline]] inline void write_row(row_sum<T>& sum, long tap_size) {
  T const* const w = sum.w;
  ((sum.w = w + columns.first_weight * tap_size, sum.w_tap = columns.weight_step * tap_size,
    write_tiles<T, Arch, columns, to>(sum)),
   ...);
}

/// Rows in order, some blocks of channels from `block` on at a time: the rows of x it needs are prepared right
/// before, and each row of z is finished while it is in level 1.
template<class T, class Arch, row_outputs to, axis... columns, class Prepare, class Finish>
void write_blocks(image_sum<T> const& of, axis const* row_phases, int block, Prepare& prepare, Finish& finish) {
  block_range const met = connected_blocks(of.sizes(), block);
  row_sum<T> sum = sum_of_blocks<T, to.by>(of, met);
  T const* const x = of.x + met.begin * sum.x_step;
  T const* const w = of.w + block * sum.w_block;
  T* const z = of.z + block * sum.z_block;
  int const phases = row_phases->output_step;
  int n = of.rows.begin / phases, phase = of.rows.begin % phases;
  for (int row = of.rows.begin; row < of.rows.end; ++row) {
    prepare(rows_needed(row_phases[phase], n));
    move_to_row<T, to.by>(sum, of, row_phases[phase], n, x, w, z, met.end - met.begin);
    write_row<T, Arch, to, columns...>(sum, tap_step<to.by>(of));
    for (int b = 0; b < (to.by == summing::few ? 1 : to.blocks); ++b)
      finish(block + b, row * of.out.width, of.out.width);
    if (++phase == phases) phase = 0, ++n;
  }
}

/// All `channels` of the output. Where a vector of the last block or more are idle, that block goes by itself.
template<class T, class Arch, summing by, bool far, int channels, bool grouped, axis first, axis... others,
         class Prepare, class Finish>
void write_image(image_sum<T> const& of, axis const* row_phases, Prepare& prepare, Finish& finish) {
  constexpr int idle = grouped ? 0 : vectors_per_block<T, Arch> - vectors_of_last_block<T, Arch>(channels);
  constexpr int blocks = blocks_of(channels) - (idle > 0);
  constexpr int together = grouped ? 1 : tile_blocks<T, Arch>(first.outputs, blocks), rest = blocks % together;
  for (int block = 0; block + together <= blocks; block += together)
    write_blocks<T, Arch, row_outputs{together, 0, by, far}, first, others...>(of, row_phases, block, prepare, finish);
  if constexpr (rest > 0)
    write_blocks<T, Arch, row_outputs{rest, 0, by, far}, first, others...>(of, row_phases, blocks - rest, prepare,
                                                                           finish);
  if constexpr (idle > 0)
    write_blocks<T, Arch, row_outputs{1, idle, by, far}, first, others...>(of, row_phases, blocks, prepare, finish);
}

}  // namespace laminate::kernels
