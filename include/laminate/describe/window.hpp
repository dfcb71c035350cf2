// How a convolution or a pool slides over an image.
#pragma once

#include <laminate/describe/shape.hpp>

namespace laminate {

/// A square window. `padding` is zeros on every side; `groups` splits the channels (1: all mix, channels: depthwise).
struct window {
  int kernel = 1;
  int stride = 1;
  int padding = 0;
  int dilation = 1;
  int groups = 1;

  /// The pixels one window spans along an axis.
  constexpr int extent() const { return (kernel - 1) * dilation + 1; }

  /// Output size along an axis: ⌊(size + 2·padding − extent) / stride⌋ + 1, PyTorch's rule;
  /// below 1 when it does not fit.
  constexpr int output(int size) const {
    int const room = size + 2 * padding - extent();
    return room < 0 ? 0 : room / stride + 1;
  }

  /// Output size of a transposed convolution along an axis: (size − 1)·stride − 2·padding + extent, PyTorch's rule
  /// without output padding; below 1 when padding takes it all.
  constexpr double transposed_output(int size) const { return (size - 1.0) * stride - 2.0 * padding + extent(); }

  bool operator==(window const&) const = default;
};

/// One sliding-window operation with every size known: what a kernel is specialised for.
struct sliding {
  shape in;
  shape out;
  window how;

  bool operator==(sliding const&) const = default;
};

/// Whether every input is in exactly one window of 2×2, as in most pools.
constexpr bool windows_of_four_cover(sliding const& g) {
  return g.how == window{.kernel = 2, .stride = 2} && g.in.height == 2 * g.out.height && g.in.width == 2 * g.out.width;
}

/// A transposed convolution from g.in to g.out is the data gradient of the convolution that this is.
constexpr sliding transposed(sliding const& g) { return {g.out, g.in, g.how}; }

}  // namespace laminate
