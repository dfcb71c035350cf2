// The finished plan of a pass: its steps, its tensors, and where each of them lives. All of it is a constant.
#pragma once

#include <algorithm>
#include <laminate/fusion/bind.hpp>
#include <laminate/fusion/policy.hpp>
#include <laminate/graph/refuse.hpp>
#include <laminate/memory/place.hpp>

namespace laminate {

template<int Steps, int Tensors>
struct pass_plan {
  std::array<step, Steps> const& steps;
  std::array<tensor_plan, Tensors> tensors{};
  int forward_steps = 0;  ///< the first ones; the rest is the backward pass
  int input = 0, output = 0, output_gradient = -1, input_gradient = -1;
  int arena = 0;             ///< scalars per sample
  long scratch = 0;          ///< scalars of its own memory that a core needs
  int reductions = 0;        ///< the most that end with one step
};

/// Extends each tensor's life to every step that touches it.
template<class Plan, int Tensors>
constexpr auto lifetimes(Plan const& p) {
  std::array<lifetime, Tensors> lives{};
  auto touch = [&](int t, int s) {
    if (t < 0) return;
    lifetime& l = lives[t];
    if (!l.is_used()) l = {p.tensors[t].stride, s, s};
    l.last = s > l.last ? s : l.last;
  };
  int const steps = static_cast<int>(p.steps.size());
  touch(p.input, 0);
  for (int s = 0; s < steps; ++s) {
    if (s == p.forward_steps) touch(p.output_gradient, s);
    step const& now = p.steps[s];
    for (int t : now.inputs) touch(t, s);
    touch(now.output, s);
    for (auto const& l : now.load)
      for (int t : l.tensors) touch(t, s);
    for (int t : now.store.tensors) touch(t, s);
  }
  // Results stay until the pass that hands them out is over.
  touch(p.output, p.forward_steps > 0 ? p.forward_steps - 1 : 0);
  touch(p.output_gradient, steps - 1);
  touch(p.input_gradient, steps - 1);
  return lives;
}

/// The most scalars of its own memory that a core needs for one step: for what load sides make, and for the kernel.
template<class Plan>
constexpr long scratch_of(Plan const& p) {
  long most = 0;
  for (step const& s : p.steps) {
    long sum = work_size(s.code);
    for (int k = 0; k < 3; ++k) sum += scratch_size(s.code, k, s.inputs[k] == operands::scratch);
    most = std::max(most, sum);
  }
  return most;
}

/// Plans one pass of a network under a policy. Each member is one stage; each stage is evaluated once.
template<class Net, class Policy, pass Pass>
struct planning {
  static constexpr auto& g = graph_of<Net>;

  static constexpr auto expanded = [] {
    constexpr expansion_size size = size_of_expansion<g.size>(g, Pass, Policy::recomputes);
    return expand<expansion<size.operations, size.tensors>>(g, Pass, Policy::recomputes);
  }();
  static constexpr auto fused = fuse<typename Policy::fusion>(expanded, Pass == pass::training);

  static constexpr auto bound_steps = [] {
    binding<fused.steps, decltype(expanded), decltype(g), decltype(fused)> b{expanded, g, fused, Pass,
                                                                             Policy::algorithms::choose};
    b.bind();
    return b.steps;
  }();

  // A constant for each stage: clang 19 allows each of them a million steps.
  static constexpr auto without_places = [] {
    constexpr int tensors = expanded.tensors.size;
    pass_plan<fused.steps, tensors> p{.steps = bound_steps};
    for (int t = 0; t < tensors; ++t) {
      tensor const& from = expanded.tensors[t];
      p.tensors[t] = {from.of, from.lies, stored_size(from.of, from.lies)};
    }
    p.forward_steps = fused.forward_steps;
    p.input = expanded.input, p.output = expanded.output;
    p.output_gradient = expanded.output_gradient, p.input_gradient = expanded.input_gradient;
    p.scratch = scratch_of(p);
    for (step const& s : p.steps) p.reductions = std::max(p.reductions, s.store.reductions.size);
    return p;
  }();
  static constexpr auto lives = lifetimes<decltype(without_places), expanded.tensors.size>(without_places);
  static constexpr auto places = place_in_arena<std::max(fused.steps, 1), expanded.tensors.size>(lives);

  static constexpr auto plan = [] {
    auto p = without_places;
    for (int t = 0; t < expanded.tensors.size; ++t) p.tensors[t].offset = places.offset[t];
    p.arena = places.size;
    return p;
  }();
};

}  // namespace laminate
