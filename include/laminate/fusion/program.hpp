// The pointwise work of one side of a step, as a short straight-line program over a strip of pixels.
#pragma once

#include <algorithm>
#include <array>
#include <laminate/fusion/work.hpp>

namespace laminate::fusion {

/// What one instruction does. Registers are named by the instruction that fills them.
enum class code : unsigned char {
  nothing,
  load,               // r = tensor[slot]
  store,              // tensor[slot] = a
  affine,             // r = channel[slot]·a + channel[slot + 1]
  affine_two,         // r = channel[slot]·a + channel[slot + 1]·b + channel[slot + 2]
  add_channel,        // r = a + channel[slot]
  add,                // r = a + b
  times,              // r = a·b
  drop,               // r = a·mask(random[slot])
  statistics,         // pivot k, Σ (t − k), Σ (t − k)² of t = tensor[slot], as just stored → sums[function]
  sum,                // Σ a → sums[function]
  sum_and_product,    // Σ a, Σ a·(b − channel[slot]) → sums[function]
  apply,              // r = f(a, p), f being activation `function` and p its parameter, channel[slot]
  slope,              // r = a·∂f/∂x(b, p)
  slope_from_output,  // r = a·∂f/∂x, from b = f
  parameter_slope,    // r = a·∂f/∂p(b, p)
};

/// One instruction, packed into a number so that programs make short template arguments.
struct instruction {
  unsigned bits = 0;

  static constexpr instruction of(code c, int a = 0, int b = 0, int slot = 0, int function = 0) {
    return {static_cast<unsigned>(c) | static_cast<unsigned>(a) << 5 | static_cast<unsigned>(b) << 10 |
            static_cast<unsigned>(slot) << 15 | static_cast<unsigned>(function) << 21};
  }
  constexpr code does() const { return static_cast<code>(bits & 31); }
  constexpr int a() const { return bits >> 5 & 31; }
  constexpr int b() const { return bits >> 10 & 31; }
  constexpr int slot() const { return bits >> 15 & 63; }
  constexpr int function() const { return bits >> 21 & 31; }  ///< index of an activation, or of a reduction

  bool operator==(instruction const&) const = default;
};

/// Whether an instruction evaluates an activation.
constexpr bool uses_function(code c) { return c >= code::apply; }

/// The instructions are kept as numbers: a plan has three programs for each step, and compilers pay for every object.
struct program {
  static constexpr int capacity = 32;
  unsigned bits[capacity]{};
  int size = 0;

  constexpr int add(instruction i) {
    bits[size] = i.bits;
    return size++;
  }
  constexpr instruction operator[](int i) const { return {bits[i]}; }
  constexpr bool empty() const { return size == 0; }
  constexpr bool operator==(program const& other) const {
    bool same = size == other.size;
    for (int i = 0; i < size && same; ++i) same = bits[i] == other.bits[i];
    return same;
  }
};

/// The number per channel an instruction or a finishing computation uses; `of` is the graph's node it belongs to.
enum class channel_vector : unsigned char {
  bias,           // of a convolution or dense layer
  running_scale,  // normalisation with the running statistics: y = scale·z + shift
  running_shift,
  batch_scale,  // with the batch's
  batch_shift,
  batch_mean,
  gradient_of_g,  // dz = gradient_of_g·g + gradient_of_z·z + gradient_constant
  gradient_of_z,
  gradient_constant,
  batch_inverse_deviation,  // 1/√(σ² + ε)
  activation_parameter,
};
inline constexpr int channel_vectors = 11;

}  // namespace laminate::fusion
