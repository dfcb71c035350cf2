// One axis of a convolution, or of one phase of its data gradient, as a single rule: which inputs an output
// sums.
#pragma once

#include <laminate/describe/window.hpp>
#include <numeric>

namespace laminate::kernels {

/// Output n (of `outputs`) lies at first_output + n·output_step. It sums, for tap m < taps, the input at
/// n·input_step + first_input + m·jump times the weight at first_weight + m·weight_step. Inputs outside are
/// zero.
struct axis {
  int inputs = 0;
  int outputs = 0;
  int first_output = 0;
  int output_step = 1;
  int taps = 0;
  int first_weight = 0;
  int weight_step = 1;
  int first_input = 0;
  int jump = 1;
  int input_step = 1;

  bool operator==(axis const&) const = default;
};

/// A contiguous range of taps or outputs: [begin, end).
struct span_of {
  int begin = 0;
  int end = 0;
};

/// Rounded up; the usual divisor 1 costs no division, which a row of few pixels would notice.
constexpr int divide_up(int a, int b) { return b == 1 ? a : a > 0 ? (a + b - 1) / b : -(-a / b); }

/// The n in [0, count) for which 0 ≤ first + n·step < size.
constexpr span_of inside(int first, int step, int count, int size) {
  int const begin = first < 0 ? divide_up(-first, step) : 0;
  int const end = divide_up(size - first, step);
  int const last = end < count ? end : count;
  return {begin, last < begin ? begin : last};
}

constexpr axis forward_axis(window how, int input_size, int output_size) {
  return {input_size, output_size, 0, 1, how.kernel, 0, 1, -how.padding, how.dilation, how.stride};
}

/// The data gradient at positions phase, phase + stride, …: dx(h) = Σ_r w(r)·dz((h + padding − r·dilation) /
/// stride) over the r for which the division has no rest. Those r are an arithmetic progression, so each
/// phase is a convolution of stride 1. Taps run backwards through the kernel: transposed weights are stored
/// flipped, and the rule of a "same" convolution then equals its forward rule, and both share their
/// micro-kernels.
constexpr axis gradient_axis(window how, int input_size, int output_size, int phase) {
  int const stride = how.stride, common = std::gcd(how.dilation, stride), step = stride / common;
  axis rule{.inputs = output_size, .first_output = phase, .output_step = stride};
  rule.outputs = input_size > phase ? (input_size - phase + stride - 1) / stride : 0;
  for (int r = 0; r < how.kernel && r < step; ++r) {
    int const reach = phase + how.padding - r * how.dilation;
    if (reach % stride != 0) continue;
    rule.taps = (how.kernel - 1 - r) / step + 1;
    rule.weight_step = step;
    rule.first_weight = how.kernel - 1 - r - (rule.taps - 1) * step;
    rule.jump = how.dilation / common;
    rule.first_input = reach / stride - (rule.taps - 1) * rule.jump;
  }
  return rule;
}

}  // namespace laminate::kernels
