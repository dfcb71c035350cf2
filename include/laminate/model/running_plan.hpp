// A plan by address, and how it runs.
#pragma once

#include <laminate/kernels/chains.hpp>
#include <laminate/memory/plan.hpp>
#include <laminate/model/layouts.hpp>
#include <span>

namespace laminate {

/// The plan of a pass without its sizes in the type: what runs passes is compiled once for all networks.
struct running_plan {
  memory::pass_numbers numbers;
  std::span<fusion::tensor_plan const> tensors;
  std::span<fusion::chain_of_steps const> forward, backward;
  kernels::pass_tables steps;
  int size = 0;  ///< steps

  constexpr std::span<fusion::step const> all() const { return {steps.steps, static_cast<std::size_t>(size)}; }
};

/// A forward pass from the caller's batch to its results. `codes`: of the plan's steps.
template<class T>
void run_forward(kernels::run_state<T> const& state, running_plan const& plan,
                 kernels::step_code<T> const* const* codes, std::span<T const> x, std::span<T> y) {
  import_tensor(state, plan.numbers.input, x);
  kernels::run_chains(state, plan.forward, plan.steps, codes);
  export_tensor(state, plan.numbers.output, y);
}

/// And back, from the gradient at the output to that at the input; `dx` may be empty.
template<class T>
void run_backward(kernels::run_state<T> const& state, running_plan const& plan,
                  kernels::step_code<T> const* const* codes, std::span<T const> dy, std::span<T> dx) {
  import_tensor(state, plan.numbers.output_gradient, dy);
  kernels::run_chains(state, plan.backward, plan.steps, codes);
  if (!dx.empty()) export_tensor(state, plan.numbers.input_gradient, dx);
}

template<class Net, class Policy, pass Pass>
inline constexpr running_plan running = [] {
  using stages = memory::planning<Net, Policy, Pass>;
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
