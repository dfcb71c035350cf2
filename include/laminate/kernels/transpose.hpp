// Matrices turned round, four rows and columns at a time.
#pragma once

#include <algorithm>
#include <laminate/describe/layout.hpp>

namespace laminate::kernels {

template<class T> struct four_numbers { using type __attribute__((vector_size(4 * sizeof(T)))) = T; };

/// to(j, i) = from(i, j) for 4 × 4 numbers; a `row` is what is between the rows of each.
template<class T> [[gnu::always_inline]] inline void transpose_four(T const* from, long from_row, T* to, long to_row) {
  using four = typename four_numbers<T>::type;
  four a, b, c, d;
  __builtin_memcpy(&a, from, sizeof(four)), __builtin_memcpy(&b, from + from_row, sizeof(four));
  __builtin_memcpy(&c, from + 2 * from_row, sizeof(four)), __builtin_memcpy(&d, from + 3 * from_row, sizeof(four));
  four const ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_end = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  four const cd = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_end = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  four const column[4]{__builtin_shufflevector(ab, cd, 0, 1, 4, 5), __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                       __builtin_shufflevector(ab_end, cd_end, 0, 1, 4, 5),
                       __builtin_shufflevector(ab_end, cd_end, 2, 3, 6, 7)};
  for (int j = 0; j < 4; ++j) __builtin_memcpy(to + j * to_row, column + j, sizeof(four));
}

/// to(j, i) = from(i, j) for `rows` × `columns` numbers of `from`.
template<class T> void transpose(T const* from, long from_row, T* to, long to_row, int rows, int columns) {
  int const whole_rows = rows / 4 * 4, whole_columns = columns / 4 * 4;
  for (int i = 0; i < whole_rows; i += 4)
    for (int j = 0; j < whole_columns; j += 4)
      transpose_four(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
  for (int i = 0; i < rows; ++i)
    for (int j = i < whole_rows ? whole_columns : 0; j < columns; ++j) to[j * to_row + i] = from[i * from_row + j];
}

/// to(k, c) = from(c, k) for `rows` c and `columns` k; the rest of each row of 16 c is zero.
template<class T> void transpose_block(T const* from, long from_row, T* to, int rows, int columns) {
  transpose(from, from_row, to, channel_block, rows, columns);
  for (int k = 0; k < columns && rows < channel_block; ++k)
    std::fill(to + k * channel_block + rows, to + (k + 1) * channel_block, T(0));
}

/// A convolution's weights between a block of inputs and one of outputs, `taps` of `rows` inputs × 16 outputs each, as
/// its data gradient reads them: `columns` outputs × 16 inputs, the taps from the last to the first.
template<class T> void turn_block(T const* w, T* turned, int taps, int rows, int columns) {
  for (int tap = 0; tap < taps; ++tap)
    transpose_block(w + tap * rows * channel_block, channel_block, turned + (taps - 1 - tap) * columns * channel_block,
                    rows, columns);
}

}  // namespace laminate::kernels
