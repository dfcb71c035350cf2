// What a network costs, by short names: parameters<Net>(), flops<Net>(), depth<Net>(),
// arena_bytes<Net>(batch).
#pragma once

#include <laminate/model/plan.hpp>

namespace laminate {

// Functions, and not variables as `plan` is: clang 19 reads `x.depth < 3` in a template as the start of
// template arguments as soon as a variable template called depth is in sight. Those that no policy changes
// ask for the plan of Reference, which plans no steps and so compiles fastest.

/// Learned numbers.
template<class Net> consteval long parameters() { return plan<Net, Reference>.parameters; }
/// Of one sample forward, two for a multiply-add.
template<class Net> consteval long flops() { return plan<Net, Reference>.flops; }
/// Layers with weights on the longest way from input to output.
template<class Net> consteval int depth() { return plan<Net, Reference>.depth; }

/// What a Model's arenas take at a capacity of `batch` samples, on one thread.
template<class Net, class Policy = Fused, class T = float> constexpr std::size_t arena_bytes(int batch) {
  return plan<Net, Policy>.arena_bytes(batch, sizeof(T));
}

}  // namespace laminate
