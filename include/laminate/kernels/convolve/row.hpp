// One output row of a convolution, cut into row tiles: those at the borders know what they miss, the others
// are one.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/axis.hpp>
#include <laminate/kernels/convolve/row_tile.hpp>

namespace laminate::kernels {

/// The outputs of a row: blocks of channels, of the last of which some vectors may be idle, summed up by `by`.
struct row_outputs {
  int blocks, idle;
  summing by;
  bool far = false;  ///< see rows_are_far
};

/// How a row is cut into tiles. Outputs that have vectors of their own share what they load, and 32 registers hold more
/// sums than those of blocks, which wait for broadcasts. Two vectors of weights and their inputs take four registers.
template<class T, class Arch> constexpr row_split split_of_row(axis const& columns, row_outputs const& to) {
  if (to.by == summing::few) return split_row(columns.outputs, 24 / to.blocks);
  int const vectors = to.blocks * vectors_per_block<T, Arch> - to.idle;
  int const most = (to.by == summing::blocks && vectors == 2 ? registers<Arch> - 4 : accumulators<Arch>) / vectors;
  bool const in_columns = vectors == 1 && columns.taps > 1 && columns.taps <= most_of_columns<Arch> / 2;
  return split_row(columns.outputs,
                   in_columns ? std::min(most, most_of_columns<Arch> - columns.taps) : std::max(most, 1));
}

/// The micro-kernel of tile `tile` of a row that follows `columns` and is cut that way.
constexpr tile_code code_of(axis const& columns, row_outputs const& to, row_split const& split, int tile) {
  tile_code code{.pixels = split.pixels(tile),
                 .blocks = to.blocks,
                 .idle = to.idle,
                 .taps = columns.taps,
                 .jump = columns.taps > 1 ? columns.jump : 1,
                 .input_step = columns.input_step,
                 .output_step = columns.output_step,
                 .by = to.by,
                 .far = to.far && to.by != summing::planes && to.by != summing::few};
  if (columns.taps == 0) return code;
  int const first = split.start(tile) * columns.input_step + columns.first_input;
  int const last = first + code.last_column(), reach = code.last_column() + 1;
  int const left = -first, right = last - (columns.inputs - 1);
  code.over_left = left < 0 ? 0 : left > reach ? reach : left;
  code.over_right = right < 0 ? 0 : right > reach ? reach : right;
  return code;
}

/// One past the last tile that, from `tile` on, has the same micro-kernel.
constexpr int end_of_run(axis const& columns, row_outputs const& to, row_split const& split, int tile) {
  tile_code const code = code_of(columns, to, split, tile);
  int next = tile + 1;
  while (next < split.tiles && code_of(columns, to, split, next) == code) ++next;
  return next;
}

/// Writes tiles [tile, …) of the row. `of` points at column 0 of its inputs and outputs.
template<class T, class Arch, axis columns, row_outputs to, int tile = 0> void write_tiles(row_sum<T> const& of) {
  constexpr row_split split = split_of_row<T, Arch>(columns, to);
  if constexpr (tile < split.tiles) {
    constexpr tile_code code = code_of(columns, to, split, tile);
    constexpr int end = end_of_run(columns, to, split, tile);
    constexpr int pixel = to.by == summing::planes ? 1 : channel_block;
    for (int t = tile; t < end; ++t) {
      int const output = split.start(t), input = output * columns.input_step + columns.first_input;
      bool const reads = columns.taps > 0 && input < columns.inputs;
      write_tile<T, Arch, code>(of.x + (reads && input > 0 ? input * pixel : 0),
                                of.z + (columns.first_output + output * columns.output_step) * channel_block, of);
    }
    write_tiles<T, Arch, columns, to, end>(of);
  }
}

}  // namespace laminate::kernels
