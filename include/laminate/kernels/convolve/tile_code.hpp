// What makes one micro-kernel of the direct convolution another, and the order of its products.
#pragma once

#include <laminate/describe/weights.hpp>

namespace laminate::kernels {

/// Which channels of the input a block of 16 outputs sums: all of some blocks, all of some planes, or, in a depthwise
/// convolution, each output its own. Where a block has few outputs, each can have a vector, in which 16 channels of the
/// input are added up apart until the end: `few`.
enum class summing : unsigned char { blocks, planes, lanes, few };
constexpr summing summed_by(sliding const& g, layout in) {
  return is_depthwise(g) ? summing::lanes : in == layout::planar ? summing::planes : summing::blocks;
}

/// The whole key of a micro-kernel. Only horizontal geometry, and of that only what changes the code: how far
/// the tile's inputs reach over the left and the right border, not where the tile is. So images of many sizes
/// share it.
struct tile_code {
  int pixels = 1;
  int blocks = 1;  // of outputs; of few ones, the outputs
  int idle = 0;    // vectors of the last block that only fill it up
  int taps = 1;
  int jump = 1;         // input columns between taps
  int input_step = 1;   // input columns between output pixels
  int output_step = 1;  // output columns between output pixels
  int over_left = 0;    // input columns missing on the left
  int over_right = 0;
  summing by = summing::blocks;
  bool far = false;  // inputs of the next row are to be brought near

  constexpr int last_column() const { return (pixels - 1) * input_step + (taps - 1) * jump; }
  constexpr int column(int pixel, int tap) const { return pixel * input_step + tap * jump; }
  constexpr bool reads(int pixel, int tap) const {
    return column(pixel, tap) >= over_left && column(pixel, tap) <= last_column() - over_right;
  }
  /// A tap reads inputs for a contiguous range of pixels: [first_pixel, end_pixel).
  constexpr int first_pixel(int tap) const {
    int q = 0;
    while (q < pixels && !reads(q, tap)) ++q;
    return q;
  }
  constexpr int end_pixel(int tap) const {
    int q = pixels;
    while (q > first_pixel(tap) && !reads(q - 1, tap)) --q;
    return q;
  }

  bool operator==(tile_code const&) const = default;
};

/// The products of one input row in a tile, column by column: which column, tap and pixel.
template<int products> struct column_order {
  static constexpr int size = products, room = products > 0 ? products : 1;
  short column[room], tap[room], pixel[room];
  bool is_first[room];  ///< of its column
};

template<tile_code code> constexpr int products_of_row() {
  int count = 0;
  for (int s = 0; s < code.taps; ++s) count += code.end_pixel(s) - code.first_pixel(s);
  return count;
}

template<tile_code code>
inline constexpr auto by_columns = [] {
  column_order<products_of_row<code>()> order{};
  int n = 0;
  for (int column = code.over_left; column <= code.last_column() - code.over_right; ++column)
    for (int s = 0; s < code.taps; ++s) {
      int const distance = column - s * code.jump, pixel = distance / code.input_step;
      if (distance < 0 || distance % code.input_step != 0 || pixel >= code.pixels) continue;
      order.column[n] = static_cast<short>(column - code.over_left);
      order.is_first[n] = n == 0 || order.column[n] != order.column[n - 1];
      order.tap[n] = static_cast<short>(s), order.pixel[n++] = static_cast<short>(pixel);
    }
  return order;
}();

}  // namespace laminate::kernels
