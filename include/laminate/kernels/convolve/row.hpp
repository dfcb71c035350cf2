// One output row of a convolution, cut into row tiles: those at the borders know what they miss, the others
// are one.
#pragma once

#include <laminate/kernels/convolve/axis.hpp>
#include <laminate/kernels/convolve/row_tile.hpp>

namespace laminate::kernels {

/// The outputs of a row: blocks of channels, of the last of which some vectors may be idle, summed up by `by`.
struct row_outputs {
  int blocks, idle;
  summing by;
};

/// What all tiles of a row that follows `columns` have in common.
constexpr tile_code code_of_row(axis columns, row_outputs to) {
  return {.blocks = to.blocks,
          .idle = to.idle,
          .taps = columns.taps,
          .jump = columns.taps > 1 ? columns.jump : 1,
          .input_step = columns.input_step,
          .output_step = columns.output_step,
          .by = to.by};
}

template<class T, class Arch> constexpr row_split split_of_row(axis columns, row_outputs to) {
  return split_row(columns.outputs, most_pixels<T, Arch>(code_of_row(columns, to)));
}

/// The micro-kernel of tile `tile` of such a row.
template<class T, class Arch> constexpr tile_code code_of(axis columns, row_outputs to, int tile) {
  row_split const split = split_of_row<T, Arch>(columns, to);
  tile_code code = code_of_row(columns, to);
  code.pixels = split.pixels(tile);
  if (columns.taps == 0) return code;
  int const first = split.start(tile) * columns.input_step + columns.first_input;
  int const last = first + code.last_column(), reach = code.last_column() + 1;
  int const left = -first, right = last - (columns.inputs - 1);
  code.over_left = left < 0 ? 0 : left > reach ? reach : left;
  code.over_right = right < 0 ? 0 : right > reach ? reach : right;
  return code;
}

/// One past the last tile that, from `tile` on, has the same micro-kernel.
template<class T, class Arch> constexpr int end_of_run(axis columns, row_outputs to, int tile) {
  int const tiles = split_of_row<T, Arch>(columns, to).tiles;
  tile_code const code = code_of<T, Arch>(columns, to, tile);
  int next = tile + 1;
  while (next < tiles && code_of<T, Arch>(columns, to, next) == code) ++next;
  return next;
}

/// Writes tiles [tile, …) of the row. `of` points at column 0 of its inputs and outputs.
template<class T, class Arch, axis columns, row_outputs to, int tile = 0>
void write_tiles(row_sum<T> const& of) {
  constexpr row_split split = split_of_row<T, Arch>(columns, to);
  if constexpr (tile < split.tiles) {
    constexpr tile_code code = code_of<T, Arch>(columns, to, tile);
    constexpr int end = end_of_run<T, Arch>(columns, to, tile);
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
