// The kinds of work a network's step is made of: kernels, pointwise operations, reductions.
#pragma once

namespace laminate::fusion {

enum class work : unsigned char {
  nothing,
  // kernels: they mix pixels or channels
  convolve,
  convolve_transposed,
  multiply,
  max_pool,
  average_pool,
  global_average_pool,
  upsample,
  flatten,
  concatenate,
  layer_norm,
  custom,          // the layer's own loops
  scale_channels,  // each channel times a number of its own; so is the gradient at what is scaled
  // their gradients; those of convolutions and multiply also yield the weights' gradient
  convolve_back,
  convolve_transposed_back,
  multiply_back,
  max_pool_back,
  average_pool_back,
  global_average_pool_back,
  upsample_back,
  unflatten,
  layer_norm_back,  // also sums up the gradients of its scale and shift
  custom_back,
  factor_gradient,  // of scale_channels: Σ g·x over a channel's pixels
  slice,            // one branch's part of a concatenation's gradient
  // pointwise: each element on its own, with numbers per channel
  add_bias,
  normalise,        // scale·z + shift
  normalise_back,   // a·g + b·z + c
  activate,         // f(x)
  slope_of_input,   // g·f′(x)
  slope_of_output,  // g·f′, from y = f(x)
  add,
  times,
  drop,
  // reductions: one or two sums per channel
  statistics,          // mean and variance
  normalisation_sums,  // Σ g, Σ g·(z − μ)
  bias_sum,            // Σ g
  parameter_sum,       // Σ g·∂f/∂a
};

/// The kernels of a dense layer.
constexpr bool is_dense(work w) { return w == work::multiply || w == work::multiply_back; }

constexpr bool is_kernel(work w) { return w >= work::convolve && w <= work::slice; }
constexpr bool is_pointwise(work w) { return w >= work::add_bias && w <= work::drop; }
constexpr bool is_reduction(work w) { return w >= work::statistics; }
/// Whether a kernel always reads two tensors; custom_back may.
constexpr bool reads_two(work w) {
  switch (w) {
    case work::concatenate:
    case work::scale_channels:
    case work::convolve_back:
    case work::convolve_transposed_back:
    case work::multiply_back:
    case work::max_pool_back:
    case work::layer_norm_back:
    case work::factor_gradient: return true;
    default: return false;
  }
}
/// Whether a kernel adds up numbers per channel besides what it writes.
constexpr bool yields_sums(work w) { return w == work::layer_norm_back; }
constexpr bool yields_weight_gradient(work w) {
  return w == work::convolve_back || w == work::convolve_transposed_back || w == work::multiply_back;
}
/// Whether the weights' gradient is summed in parts, unit by unit. A dense layer's is computed from the whole batch.
constexpr bool sums_in_parts(work w) { return yields_weight_gradient(w) && !is_dense(w); }

}  // namespace laminate::fusion
