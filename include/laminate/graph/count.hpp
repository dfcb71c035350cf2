// count: how often a word stands in a network, Repeats multiplied.
#pragma once

#include <laminate/graph/lower.hpp>
#include <laminate/layers/blocks/sequential.hpp>
#include <laminate/layers/network.hpp>
#include <type_traits>

namespace laminate {

// `Is` is a callable that takes pointers to the words sought, and no others.
template<class Is, class... Words> consteval int count_among();

template<class Is> consteval int count_inside(void const*) { return 0; }
template<class Is, class... Words> consteval int count_inside(Network<Words...> const*) {
  return count_among<Is, Words...>();
}
template<class Is, role Opens, int Count, class... Words>
consteval int count_inside(block<Opens, Count, Words...> const*) {
  return count_among<Is, Words...>();
}
template<class Is, int N, class... Words> consteval int count_inside(Repeat<N, Words...> const*) {
  return N * count_among<Is, Words...>();
}
// Its branches as they were written: the block itself wraps them.
template<class Is, class... Branches> consteval int count_inside(Concat<Branches...> const*) {
  return count_among<Is, Branches...>();
}

template<class Is, class W> consteval int count_in() {
  constexpr W const* word = nullptr;
  return std::is_invocable_v<Is, W const*> + count_inside<Is>(word);
}
template<class Is, class... Words> consteval int count_among() { return (0 + ... + count_in<Is, Words>()); }

/// `count<ReLU, Net>()`: of one word, options included. These are functions because a variable could not take
/// types and templates; and clang 19 would read `x.count < 3` in a template as the start of its arguments.
template<class What, class Net> consteval int count() {
  auto const is = []<std::same_as<What> W>(W const*) {};
  return count_in<decltype(is), Net>();
}

// A callable as the others below would not do: to clang 19 BatchNorm<A, B, Others...> has too many arguments.
template<template<int, int, class...> class Kind, class W> inline constexpr bool is_of_two_sizes = false;
template<template<int, int, class...> class Kind, int A, int B, class... Others>
inline constexpr bool is_of_two_sizes<Kind, Kind<A, B, Others...>> = true;

/// `count<Conv, Net>()`: of all words of a kind, whatever their sizes and options. For Activation, which is a
/// template of anything and so fits several of these, ask by role.
template<template<int, int, class...> class Kind, class Net> consteval int count() {  // Conv, BatchNorm
  auto const is = []<class W>(W const*) requires is_of_two_sizes<Kind, W> {};
  return count_in<decltype(is), Net>();
}
template<template<int, class...> class Kind, class Net> consteval int count() {  // Dense, MaxPool, Repeat
  auto const is = []<int N, class... Others>(Kind<N, Others...> const*){};
  return count_in<decltype(is), Net>();
}
template<template<class...> class Kind, class Net> consteval int count() {  // Residual, Concat
  auto const is = []<class... Words>(Kind<Words...> const*) {};
  return count_in<decltype(is), Net>();
}
template<template<double> class Kind, class Net> consteval int count() {  // Dropout, LeakyReLUWith
  auto const is = []<double A>(Kind<A> const*) {};
  return count_in<decltype(is), Net>();
}

/// `count<role::activation, Net>()`: of layers by what they do; a Residual is a role::sum.
template<role What, class Net> consteval int count() {
  auto const& g = graph_of<Net>;
  return static_cast<int>(std::ranges::count(g.nodes, g.nodes + g.size, What, &graph_node::acts_as));
}

}  // namespace laminate
