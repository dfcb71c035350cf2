// A step: one kernel with the pointwise work on its load and store sides, or one pass of pointwise work alone.
#pragma once

#include <laminate/describe/algorithm.hpp>
#include <laminate/describe/weights.hpp>
#include <laminate/fusion/operation.hpp>
#include <laminate/fusion/program.hpp>

namespace laminate {

/// Where an operation runs within its step.
enum class side : unsigned char { kernel, first_load, second_load, store };
inline constexpr int load_sides = 2;

/// What a step's code depends on, and nothing else. Kernels and programs of equal ones are shared, in and across
/// networks.
struct signature {
  work does = work::nothing;  ///< the kernel; `nothing`: a pointwise pass
  sliding sizes{};
  algorithm by = algorithm::direct;               ///< of a convolution, or of its data gradient
  algorithm weight_gradient = algorithm::direct;  ///< of a convolution's backward step
  layout input = layout::blocked;
  shape strip{};  ///< of the tensors of the store side
  int part = 0;
  signed char fed_by[3]{-1, -1, -1};  ///< the load side that makes a kernel's input on the spot
  program load[load_sides]{};
  program store{};

  bool operator==(signature const&) const = default;
};

/// The shape of a kernel's input k: gradients have the shape of the layer's output.
constexpr shape input_shape(signature const& s, int k) {
  switch (s.does) {
    case work::convolve_back:
    case work::convolve_transposed_back:
    case work::multiply_back: return k == 0 ? s.sizes.in : s.sizes.out;
    case work::layer_norm_back:
    case work::max_pool_back: return k == 0 ? s.sizes.in : s.sizes.out;
    case work::custom_back: return k == 0 ? s.sizes.out : s.sizes.in;
    case work::scale_channels: return k == 0 ? s.sizes.in : shape{s.sizes.in.channels};
    case work::average_pool_back:
    case work::global_average_pool_back:
    case work::upsample_back:
    case work::unflatten:
    case work::slice: return s.sizes.out;
    case work::concatenate:
      return k == 0 ? s.sizes.in
                    : shape{s.sizes.out.channels - s.sizes.in.channels, s.sizes.in.height, s.sizes.in.width};
    default: return s.sizes.in;
  }
}

/// The convolution that a step's algorithm `by` computes.
constexpr sliding computed(signature const& s) { return s.does == work::convolve_back ? backwards(s.sizes) : s.sizes; }

/// Samples that one unit of work covers: many for layers without pixels, whose kernels want
/// rows of samples, and for small images of which tiles are cut.
inline constexpr int samples_of_features = 16;
inline constexpr int most_samples_per_unit = std::max(samples_of_features, most_samples_of_tiles);
constexpr int samples_per_unit(signature const& s) {
  bool const normalises = s.does == work::layer_norm || s.does == work::layer_norm_back;
  if (is_dense(s.does) || ((normalises || s.does == work::nothing) && s.strip.is_features()))
    return samples_of_features;
  int samples = 1;
  if (s.by != algorithm::direct) samples = tiling_of(computed(s), s.by).samples;
  if (s.weight_gradient != algorithm::direct)
    samples = std::max(samples, tiling_of(s.sizes, s.weight_gradient).samples);
  return samples;
}

/// Scalars a step's kernel needs to work in, on each thread.
constexpr long work_size(signature const& s) {
  if (s.does == work::multiply_back) return packed_size;
  long size = 0;
  if (s.by != algorithm::direct) size = block_size(computed(s), s.by);
  if (s.weight_gradient != algorithm::direct) size = std::max(size, block_size(s.sizes, s.weight_gradient));
  return size;
}

/// Scalars the samples of a unit take in a core's own memory as input k of its kernel: none if they lie in the arena.
constexpr long scratch_size(signature const& s, int k, bool in_scratch) {
  return in_scratch ? static_cast<long>(aligned(stored_size(input_shape(s, k)))) * samples_per_unit(s) : 0;
}

// Without initialisers: lists of them, mostly empty, are then zero as a whole, not element by element.

/// A number per channel of some node.
struct channel_operand {
  short node;
  channel_vector vector;
};

/// A reduction that ends with the step.
struct reduction {
  work does;
  short node;
};

/// Operations on one side, the most; the slots below suffice for any of as many.
inline constexpr int longest_side = 8;

inline constexpr int tensor_slots = 14;
inline constexpr int channel_slots = 20;
inline constexpr int function_slots = longest_side;
inline constexpr int reduction_slots = longest_side;

/// The operands of one side's program, by slot.
struct operands {
  list<short, tensor_slots> tensors{};  ///< tensor indices; `scratch` for a core's own memory
  list<channel_operand, channel_slots> channels{};
  list<short, function_slots> functions{};  ///< leaves of the network: which activation
  list<short, function_slots> drops{};      ///< nodes of dropout layers
  list<reduction, reduction_slots> reductions{};

  static constexpr short scratch = -2;
};

/// One step with everything bound: what runs, on which tensors.
struct step {
  signature code{};
  short node = -1;
  short layer = -1;             ///< leaf whose own loops are the kernel
  short inputs[3]{-1, -1, -1};  ///< of the kernel: tensors, or `operands::scratch`
  short output = -1;            ///< where the kernel leaves its raw result
  operands load[load_sides]{};
  operands store{};
  bool optional = false;
};

}  // namespace laminate
