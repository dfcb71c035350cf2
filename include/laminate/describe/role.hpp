// What a layer does, as far as shapes, fusion and kernels care. They look at roles, never at a layer's name.
#pragma once

namespace laminate {

enum class role : unsigned char {
  input,
  convolution,
  transposed_convolution,
  dense,
  normalisation,        // per channel over the batch, with learned scale and shift
  layer_normalisation,  // per pixel over its channels, with learned scale and shift
  activation,           // one function of one element
  sum,                  // of two branches
  product,              // of two, element by element
  channel_scale,        // an image times a number for each of its channels
  dropout,
  max_pool,
  average_pool,
  global_average_pool,
  upsample,
  flatten,
  custom,  // forward and backward are loops that the word itself states
  concatenation,
  // brackets: they shape the graph and leave no node behind
  open_sequence,
  open_repeat,
  open_residual,
  open_shortcut,
  open_concatenation,
  open_scale,
  close,
};

/// Whether its weights are K×K squares.
constexpr bool convolves(role r) { return r == role::convolution || r == role::transposed_convolution; }
constexpr bool has_weights(role r) { return convolves(r) || r == role::dense; }
constexpr bool opens(role r) { return r >= role::open_sequence && r < role::close; }

}  // namespace laminate
