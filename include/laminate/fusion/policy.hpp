// How a network is run: fused, layer by layer, or by the reference loops.
#pragma once

#include <laminate/fusion/algorithms.hpp>
#include <laminate/fusion/rules/a_pass_of_its_own.hpp>
#include <laminate/fusion/rules/bias_while_storing.hpp>
#include <laminate/fusion/rules/kernel_alone.hpp>
#include <laminate/fusion/rules/kernel_with_waiting_inputs.hpp>
#include <laminate/fusion/rules/wait_for_a_consumer.hpp>
#include <laminate/fusion/rules/while_storing.hpp>

namespace laminate {

/// Layers share kernels: what is pointwise runs on the load and store sides, and what is cheap is computed again.
/// Algorithms: Auto, Direct, Winograd<2> or Winograd<4>.
template<class Algorithms> struct FusedBy {
  using rules = fusion::rules<fusion::kernel_with_waiting_inputs, fusion::while_storing, fusion::wait_for_a_consumer,
                              fusion::a_pass_of_its_own>;
  using algorithms = Algorithms;
  static constexpr fusion::keeping keeps = fusion::keeping::dear;
};

/// Fused, and for large batches: between checkpoints nothing of the forward pass is kept, and the backward pass runs
/// its kernels again. A training step takes about a third longer, and a fraction of the memory. See
/// fusion/checkpoints.hpp.
template<class Algorithms> struct RecomputeBy {
  using rules = typename FusedBy<Algorithms>::rules;
  using algorithms = Algorithms;
  static constexpr fusion::keeping keeps = fusion::keeping::checkpoints;
};

/// The same kernels, one pass over memory per layer and everything kept: the baseline to measure against.
template<class Algorithms> struct UnfusedBy {
  using rules = fusion::rules<fusion::kernel_alone, fusion::bias_while_storing, fusion::a_pass_of_its_own>;
  using algorithms = Algorithms;
  static constexpr fusion::keeping keeps = fusion::keeping::all;
};

using Fused = FusedBy<Auto>;
using Recompute = RecomputeBy<Auto>;
using Unfused = UnfusedBy<Auto>;

/// Plain loops over plain arrays, in any scalar: the specification. See kernels/reference.
struct Reference {};

}  // namespace laminate
