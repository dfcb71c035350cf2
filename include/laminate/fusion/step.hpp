// A step: one kernel with the pointwise work on its load and store sides, or one pass of pointwise work alone.
#pragma once

#include <laminate/describe/algorithm.hpp>
#include <laminate/describe/weights.hpp>
#include <laminate/fusion/operation.hpp>
#include <laminate/fusion/program.hpp>
#include <laminate/support/lists.hpp>

namespace laminate::fusion {

/// Where an operation runs within its step.
enum class side : unsigned char { kernel, first_load, second_load, store };
inline constexpr int load_sides = 2;

/// Operations on one side, the most; the slots below suffice for any of as many.
inline constexpr int longest_side = 8;

/// What a step does, and what the code of its kernel depends on. Kernels of equal ones are shared, in and across
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

  bool operator==(signature const&) const = default;
};

/// What is compiled of one side of a step. Slots stand for what step::load and step::store say.
struct side_code {
  program runs{};
  bounded_list<short, longest_side> functions{};  ///< leaves of the network: which activation
};

/// The sides of a step, as code. No step has them: what runs steps has their addresses.
struct step_programs {
  side_code load[load_sides]{};
  side_code store{};

  constexpr side_code const& operator[](int i) const { return i < load_sides ? load[i] : store; }
};
inline constexpr int all_sides = load_sides + 1;

/// Whether two steps run the same programs, be it with other activations.
constexpr bool same_programs(step_programs const& a, step_programs const& b) {
  bool same = true;
  for (int i = 0; i < all_sides && same; ++i) same = a[i].runs == b[i].runs;
  return same;
}

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

/// Whether a step's units are of samples without pixels.
constexpr bool on_features(signature const& s) {
  bool const by_channels = s.does == work::layer_norm || s.does == work::layer_norm_back || s.does == work::nothing;
  return is_dense(s.does) || (by_channels && s.strip.is_features());
}

/// Samples that one unit of work covers: many for layers without pixels, whose kernels want
/// rows of samples, more where those are short, and for small images of which tiles are cut.
inline constexpr int samples_of_features = 16, samples_of_few_features = 64;
inline constexpr int most_samples_per_unit = std::max(samples_of_few_features, most_samples_of_tiles);
constexpr int samples_per_unit(signature const& s) {
  if (on_features(s)) {
    bool const few = std::max({s.sizes.in.channels, s.sizes.out.channels, s.strip.channels}) <= channel_block;
    return few ? samples_of_few_features : samples_of_features;
  }
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

/// Scalars of one part of a weight gradient that is summed in parts.
constexpr long part_size(signature const& s) {
  if (!sums_in_parts(s.does)) return 0;
  if (s.does == work::convolve_transposed_back) return weights_size(transposed(s.sizes));
  if (s.weight_gradient == algorithm::direct) return weights_size(s.sizes);
  return transformed_size(s.sizes, s.weight_gradient);
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

inline constexpr int tensor_slots = 14;
inline constexpr int channel_slots = 20;
inline constexpr int drop_slots = longest_side;
inline constexpr int reduction_slots = longest_side;

/// The operands of one side's program, by slot.
struct operands {
  bounded_list<short, tensor_slots> tensors{};  ///< tensor indices; `scratch` for a core's own memory
  bounded_list<channel_operand, channel_slots> channels{};
  bounded_list<short, drop_slots> drops{};  ///< nodes of dropout layers
  bounded_list<reduction, reduction_slots> reductions{};

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

/// What a unit of a step's work takes on a core.
struct unit_sizes {
  int samples;
  long own[load_sides + 1];  ///< where in the core's own memory load sides leave what they make, and its kernel works
};

constexpr unit_sizes unit_sizes_of(step const& s) {
  unit_sizes of{};
  of.samples = samples_per_unit(s.code);
  for (int k = 0; k < 3; ++k) {
    int const side = s.code.fed_by[k];
    if (side < 0 || s.inputs[k] != operands::scratch) continue;
    long const made = static_cast<long>(aligned(stored_size(input_shape(s.code, k)))) * of.samples;
    for (int after = side + 1; after <= load_sides; ++after) of.own[after] += made;
  }
  return of;
}

}  // namespace laminate::fusion
