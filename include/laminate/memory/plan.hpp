// The finished plan of a pass: its steps, its tensors, and where each of them lives. All of it is a constant.
#pragma once

#include <algorithm>
#include <laminate/fusion/bind.hpp>
#include <laminate/fusion/policy.hpp>
#include <laminate/graph/refuse.hpp>
#include <laminate/memory/in_place.hpp>
#include <laminate/memory/place.hpp>

namespace laminate {

template<int Steps, int Tensors> struct pass_plan {
  list<step, Steps> const& steps;
  list<tensor_plan, Tensors> tensors{.size = Tensors};
  int forward_steps = 0;  ///< the first ones; the rest is the backward pass
  int input = 0, output = 0, output_gradient = -1, input_gradient = -1;
  int arena = 0;       ///< scalars per sample
  long scratch = 0;    ///< scalars of its own memory that a core needs
  int reductions = 0;  ///< the most that end with one step
};

/// Extends each tensor's life to every step that touches it.
template<class Expansion, int Steps>
constexpr auto lifetimes(Expansion const& e, list<step, Steps> const& steps, int forward_steps) {
  constexpr int tensors = decltype(Expansion::tensors)::capacity;
  list<lifetime, tensors> lives{.size = tensors};
  auto touch = [&](int t, int s) {
    if (t < 0) return;
    lifetime& l = lives.items[t];
    if (!l.is_used()) l = {stored_size(e.tensors.items[t].of, e.tensors.items[t].lies), s, s};
    l.last = s > l.last ? s : l.last;
  };
  int const end = static_cast<int>(Steps);
  touch(e.input, 0);
  for (int s = 0; s < end; ++s) {
    if (s == forward_steps) touch(e.output_gradient, s);
    step const& now = steps.items[s];
    for (int t : now.inputs) touch(t, s);
    touch(now.output, s);
    for (auto const& l : now.load)
      for (int t : l.tensors) touch(t, s);
    for (int t : now.store.tensors) touch(t, s);
  }
  // Results stay until the pass that hands them out is over.
  touch(e.output, forward_steps > 0 ? forward_steps - 1 : 0);
  touch(e.output_gradient, end - 1);
  touch(e.input_gradient, end - 1);
  return lives;
}

/// The scalars of its own memory that a core needs for a step: for what load sides make, and for the kernel.
constexpr long scratch_of(step const& s) {
  long sum = work_size(s.code);
  for (int k = 0; k < 3; ++k) sum += scratch_size(s.code, k, s.inputs[k] == operands::scratch);
  return sum;
}

/// Plans one pass of a network under a policy. Each member is one stage, evaluated once, and a
/// constant of its own: clang 19 allows each of them a million steps.
template<class Net, class Policy, pass Pass> struct planning {
  static constexpr auto& g = graph_of<Net>;

  static constexpr auto expanded = [] {
    constexpr expansion_size size = size_of_expansion<g.size>(g, Pass, Policy::keeps);
    return expand<expansion<size.operations, size.tensors>>(g, Pass, Policy::keeps);
  }();
  static constexpr auto fused = fuse<typename Policy::fusion>(expanded, Pass == pass::training);

  static constexpr auto bound_steps = [] {
    binding<fused.steps, decltype(expanded), decltype(g), decltype(fused)> b{expanded, g, fused, Pass,
                                                                             Policy::algorithms::choose};
    b.bind();
    return b.steps;
  }();

  static constexpr auto lives = lifetimes(expanded, bound_steps, fused.forward_steps);
  static constexpr auto places =
      place_in_arena<std::max(fused.steps, 1), expanded.tensors.size>(lives, homes_of(bound_steps, expanded, lives));

  static constexpr auto plan = [] {
    pass_plan<fused.steps, expanded.tensors.size> p{.steps = bound_steps,
                                                    .forward_steps = fused.forward_steps,
                                                    .input = expanded.input,
                                                    .output = expanded.output,
                                                    .output_gradient = expanded.output_gradient,
                                                    .input_gradient = expanded.input_gradient,
                                                    .arena = places.size};
    for (int t = 0; t < expanded.tensors.size; ++t) {
      tensor const& of = expanded.tensors[t];
      p.tensors[t] = {of.of, of.lies, stored_size(of.of, of.lies), places.offset[t]};
    }
    for (step const& s : bound_steps) {
      p.scratch = std::max(p.scratch, scratch_of(s));
      p.reductions = std::max(p.reductions, s.store.reductions.size);
    }
    return p;
  }();
};

}  // namespace laminate
