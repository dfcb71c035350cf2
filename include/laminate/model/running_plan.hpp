// A plan by address, as what runs it takes it.
#pragma once

#include <laminate/kernels/chains.hpp>
#include <laminate/memory/plan.hpp>
#include <span>

namespace laminate {

/// The plan of a pass without its sizes in the type: what runs passes is compiled once for all networks.
struct running_plan {
  pass_numbers numbers;
  std::span<tensor_plan const> tensors;
  std::span<chain_of_steps const> forward, backward;
  kernels::pass_tables steps;
  int size = 0;  ///< steps

  constexpr std::span<step const> all() const { return {steps.steps, static_cast<std::size_t>(size)}; }
};

template<class Net, class Policy, pass Pass>
inline constexpr running_plan running = [] {
  using stages = planning<Net, Policy, Pass>;
  constexpr auto& numbers = stages::numbers;
  static_assert(Pass == pass::training || numbers.reductions == 0, "inference reads running statistics, sums up none");
  auto& steps = stages::bound_steps;
  auto& tensors = stages::tensors;
  std::span const chains(stages::chained.chains.items, static_cast<std::size_t>(stages::chained.chains.size));
  std::size_t forward = 0;
  while (forward < chains.size() && chains[forward].first < numbers.forward_steps) ++forward;
  return running_plan{.numbers = numbers,
                      .tensors = {tensors.items, static_cast<std::size_t>(tensors.size)},
                      .forward = chains.first(forward),
                      .backward = chains.subspan(forward),
                      .steps = {steps.items, stages::units.items, stages::chained.links.items},
                      .size = steps.size};
}();

}  // namespace laminate
