// A pass's steps as code: one direct call after the other, no loop, no table, no decision at run time.
#pragma once

#include <laminate/kernels/run.hpp>
#include <laminate/memory/plan.hpp>

namespace laminate {

/// The steps of one pass of a network, compiled.
template<class Net, class Policy, pass Pass, class T, class Arch>
struct sequence {
  static constexpr auto& plan = planning<Net, Policy, Pass>::plan;
  static constexpr int size = static_cast<int>(plan.steps.size());

  static constexpr operands const& operands_of(int step, int which) {
    return which < load_sides ? plan.steps[step].load[which] : plan.steps[step].store;
  }

  template<int Step, int Which, std::size_t... I>
  static auto activation_types(std::index_sequence<I...>)
      -> kernels::activations<leaf<Net, operands_of(Step, Which).functions[I]>...>;

  /// The activations one side of a step applies, as types.
  template<int Step, int Which>
  using activations_of =
      decltype(activation_types<Step, Which>(std::make_index_sequence<operands_of(Step, Which).functions.size>{}));

  template<int Step>
  static void run(kernels::run_state<T> const& state) {
    kernels::run_step<plan.steps[Step].code, activations_of<Step, 0>, activations_of<Step, 1>,
                      activations_of<Step, 2>, T, Arch>(state, plan.steps[Step]);
  }

  template<int First, int... I>
  static void run_all(kernels::run_state<T> const& state, std::integer_sequence<int, I...>) {
    // An initialiser list, not a fold: clang limits the nesting of folded expressions to 256.
    int const in_order[] = {0, (run<First + I>(state), 0)...};
    static_cast<void>(in_order);
    static_cast<void>(state);
  }

  static void forward(kernels::run_state<T> const& state) {
    run_all<0>(state, std::make_integer_sequence<int, plan.forward_steps>{});
  }
  static void backward(kernels::run_state<T> const& state) {
    run_all<plan.forward_steps>(state, std::make_integer_sequence<int, size - plan.forward_steps>{});
  }
};

}  // namespace laminate
