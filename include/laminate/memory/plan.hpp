// The finished plan of a pass: its steps, its tensors, and where each of them lives. All of it is a constant.
#pragma once

#include <algorithm>
#include <laminate/fusion/bind.hpp>
#include <laminate/fusion/chain.hpp>
#include <laminate/fusion/policy.hpp>
#include <laminate/graph/refuse.hpp>
#include <laminate/memory/depth_first.hpp>
#include <laminate/memory/in_place.hpp>
#include <laminate/memory/place.hpp>

namespace laminate::memory {

/// What a pass takes, and the tensors at its ends.
struct pass_numbers {
  int forward_steps = 0;  ///< the first ones; the rest is the backward pass
  int input = 0, output = 0, output_gradient = -1, input_gradient = -1;
  int arena = 0;         ///< scalars per sample
  long scratch = 0;      ///< scalars of its own memory that a core needs for a step
  long near = 0;         ///< and between the steps of a chain
  int reductions = 0;    ///< the most that end with one chain
  long weight_part = 0;  ///< scalars of one part of weight gradients that are summed in parts
};

/// Its parts are constants of their own: a program has those in it that it asks for.
template<int Steps, int Tensors> struct pass_plan : pass_numbers {
  bounded_list<fusion::step, Steps> const& steps;
  bounded_list<fusion::step_programs, Steps> const& programs;
  bounded_list<fusion::tensor_plan, Tensors> const& tensors;
};

/// Extends each tensor's life to every step that touches it.
template<class Expansion, int Steps>
constexpr auto lifetimes(Expansion const& e, bounded_list<fusion::step, Steps> const& steps, int forward_steps) {
  constexpr int tensors = decltype(Expansion::tensors)::capacity;
  bounded_list<lifetime, tensors> lives{.size = tensors};
  auto touch = [&](int t, int s) {
    if (t < 0 || s < 0) return;
    lifetime& l = lives.items[t];
    if (!l.is_used()) l = {stored_size(e.tensors.items[t].of, e.tensors.items[t].lies), s, s};
    l.last = s > l.last ? s : l.last;
  };
  int const end = static_cast<int>(Steps);
  touch(e.input, 0);
  for (int s = 0; s < end; ++s) {
    if (s == forward_steps) touch(e.output_gradient, s);
    fusion::step const& now = steps.items[s];
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

// What follows plans one pass of a network under a policy. Each member is one stage, evaluated once, and a constant of
// its own: clang 19 allows each of them a million steps.

/// The steps of a pass.
template<class Net, class Policy, pass Pass> struct steps_of_pass {
  static constexpr auto& g = graph_of<Net>;

  static constexpr auto expanded = [] {
    constexpr fusion::expansion_size size = size_of_expansion<g.size>(g, Pass, Policy::keeps);
    return expand<fusion::expansion<size.operations, size.tensors>>(g, Pass, Policy::keeps);
  }();
  static constexpr auto fused = fuse<typename Policy::rules>(expanded, Pass == pass::training);

  static constexpr auto bound = [] {
    fusion::binding<fused.steps, decltype(expanded), decltype(g), decltype(fused)> b{expanded, g, fused, Pass,
                                                                                     Policy::algorithms::choose};
    b.bind();
    return b.result;
  }();
  /// Apart from their code, which no running program needs.
  static constexpr auto bound_steps = bound.steps;

  static constexpr auto units = [] {
    bounded_list<fusion::unit_sizes, fused.steps> of{.size = fused.steps};
    for (int s = 0; s < fused.steps; ++s) of.items[s] = unit_sizes_of(bound_steps.items[s]);
    return of;
  }();

  static constexpr auto touched = lifetimes(expanded, bound_steps, fused.forward_steps);
};

/// The chains of Steps, and the lives of the tensors that stay near in them.
template<class Steps, bool DepthFirst> struct chaining_of {
  static constexpr auto chained =
      chains_of(Steps::bound_steps, Steps::units, Steps::expanded.tensors, Steps::fused.forward_steps, DepthFirst);
  static constexpr auto near = lives_in_chains(Steps::expanded, Steps::touched, chained);
};

/// Where the tensors of Steps live, whether those go depth first or not.
template<class Steps, bool DepthFirst> struct placing {
  static constexpr auto& e = Steps::expanded;
  static constexpr auto& chained = chaining_of<Steps, DepthFirst>::chained;
  static constexpr int tensors = e.tensors.size, steps = std::max(Steps::fused.steps, 1);

  static constexpr auto& near = chaining_of<Steps, DepthFirst>::near;
  static constexpr auto lives = lives_in_arena(Steps::touched, near, chained);
  static constexpr auto homes = [] {
    auto homes = homes_of(Steps::bound_steps, e, lives);
    if (int const home = place_of_input_gradient(e, Steps::touched, near, chained); home >= 0)
      homes[e.input_gradient] = static_cast<short>(home);
    return homes;
  }();
  static constexpr auto places = place_in_arena<steps, tensors>(lives, homes);
};

/// Depth first where enough stays near and that takes no more of the arena. Inference has groups of samples instead.
template<class Steps, class Policy, pass Pass> constexpr bool goes_depth_first() {
  if constexpr (Pass == pass::training && Policy::keeps != fusion::keeping::all)
    if constexpr (enough_lives_in_chains(Steps::touched, chaining_of<Steps, true>::near))
      return placing<Steps, true>::places.size <= placing<Steps, false>::places.size;
  return false;
}

/// The whole plan.
template<class Net, class Policy, pass Pass> struct planning : steps_of_pass<Net, Policy, Pass> {
  using steps = steps_of_pass<Net, Policy, Pass>;
  static constexpr bool depth_first = goes_depth_first<steps, Policy, Pass>();
  using placed = placing<steps, depth_first>;
  static constexpr auto& chained = placed::chained;
  static constexpr auto& lives = placed::lives;
  static constexpr auto near_places = [] {
    if constexpr (depth_first)
      return place_in_arena<placed::steps, placed::tensors>(placed::near, no_homes<placed::tensors>);
    else
      return arena_layout<placed::tensors>{};
  }();

  static constexpr auto tensors = [] {
    constexpr auto& e = planning::expanded;
    bounded_list<fusion::tensor_plan, e.tensors.size> all{.size = e.tensors.size};
    for (int t = 0; t < e.tensors.size; ++t) {
      fusion::tensor const& of = e.tensors.items[t];
      bool const near = placed::near.items[t].is_used();
      int const offset = near ? near_places.offset[t] : placed::places.offset[t];
      all.items[t] = {of.of, of.lies, stored_size(of.of, of.lies), offset, near};
    }
    return all;
  }();

  static constexpr auto numbers = [] {
    constexpr auto& e = planning::expanded;
    pass_numbers p{.forward_steps = planning::fused.forward_steps,
                   .input = e.input,
                   .output = e.output,
                   .output_gradient = e.output_gradient,
                   .input_gradient = e.input_gradient,
                   .arena = placed::places.size};
    for (int s = 0; s < planning::fused.steps; ++s)
      p.scratch = std::max(
          p.scratch, planning::units.items[s].own[fusion::load_sides] + work_size(planning::bound_steps.items[s].code));
    for (fusion::chain_of_steps const& c : chained.chains) {
      if (c.steps > 1) p.near = std::max<long>(p.near, near_places.size * c.samples);
      p.reductions = std::max(p.reductions, c.reductions);
      p.weight_part = std::max(p.weight_part, c.part_size);
    }
    return p;
  }();

  static constexpr pass_plan<planning::fused.steps, planning::expanded.tensors.size> plan{
      numbers, planning::bound_steps, planning::bound.programs, tensors};
};

}  // namespace laminate::memory
