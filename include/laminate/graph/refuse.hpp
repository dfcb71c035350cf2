// The one place where a mistake in a declaration becomes the compiler's error.
#pragma once

#include <laminate/graph/cure.hpp>
#include <laminate/graph/lower.hpp>

namespace laminate {

/// Position of a layer among the Network's arguments, the input not counted and Repeats written out.
struct layer {
  int position;
};

/// Where in that layer, when it is a block: the path that state_dict's names have, as in inside<path::body, 2>.
template<auto... Path> struct inside {};

/// Stands in the error message: the problem, where, the word at fault as its author wrote it, the shapes that do not
/// fit (the incoming one first; features have height and width 0), an `inside` when the word is part of a block, and
/// what to do about it.
template<problem What, layer Where, class Word, auto... Details> struct network_is_refused {
  static constexpr bool accepted = false;
};
struct network_is_accepted {
  static constexpr bool accepted = true;
};

// The word that leaf I of the list came from. A block's own leaf is its opening bracket.
template<int I, class First, class... Rest> constexpr auto as_written();

template<int I, role Opens, int Count, class... Words>
constexpr auto as_written_in(block<Opens, Count, Words...> const*) {
  return as_written<I - 1, Words...>();
}

template<int I, class First, class... Rest> constexpr auto as_written() {
  constexpr int size = leaves_of<First>::size;
  if constexpr (I >= size)
    return as_written<I - size, Rest...>();
  else if constexpr (I == 0)
    return boost::hana::type_c<First>;
  else
    return as_written_in<I>(static_cast<First const*>(nullptr));
}

// Lowers a refused network once more, to learn where in the tree of blocks it went wrong.
template<class Net>
inline constexpr layer_path refused_at = [] {
  lowering<static_cast<std::size_t>(leaf_count<Net>), lowered<Net>::capacity> l{facts_of<Net>};
  l.network();
  layer_path at = l.refused_at;
  at.depth = std::min(at.depth, layer_path::capacity);
  while (at.depth > 0 && at.steps[at.depth - 1] < 0) --at.depth;  // the block itself, not its part
  return at;
}();

template<short Step> constexpr auto readable_step() {
  if constexpr (Step < 0)
    return static_cast<layer_path::part>(Step);
  else
    return static_cast<int>(Step);
}

template<class Net, class Word, auto... Details> consteval auto refuse_with() {
  constexpr refusal const& r = graph_of<Net>.refused;
  return network_is_refused<r.what, layer{r.position}, Word, Details..., cure_of(r.what)>{};
}

template<auto... Path> consteval auto inside_of() { return inside<Path...>{}; }

template<class Net, class Word, shape... Shapes, int... I> consteval auto refuse_at(std::integer_sequence<int, I...>) {
  if constexpr (sizeof...(I) == 0)
    return refuse_with<Net, Word, Shapes...>();
  else
    return refuse_with<Net, Word, Shapes..., inside_of<readable_step<refused_at<Net>.steps[I + 1]>()...>()>();
}

template<class... Words> consteval auto verdict_on(Network<Words...> const*) {
  using Net = Network<Words...>;
  constexpr refusal const& r = graph_of<Net>.refused;
  if constexpr (r.what == problem::none) {
    return network_is_accepted{};
  } else if constexpr (sizeof...(Words) == 0) {
    return network_is_refused<r.what, layer{0}, Net, cure_of(r.what)>{};
  } else {
    using Word = typename decltype(as_written<r.leaf, Words...>())::type;
    constexpr auto steps = std::make_integer_sequence<int, std::max(refused_at<Net>.depth - 1, 0)>{};
    if constexpr (r.first == shape{})
      return refuse_at<Net, Word>(steps);
    else if constexpr (r.second == shape{})
      return refuse_at<Net, Word, r.first>(steps);
    else
      return refuse_at<Net, Word, r.first, r.second>(steps);
  }
}

template<class Net> consteval auto verdict() {
  if constexpr (requires { verdict_on(static_cast<Net const*>(nullptr)); })
    return verdict_on(static_cast<Net const*>(nullptr));
  else
    return network_is_refused<problem::a_Model_wants_a_Network, layer{0}, Net,
                              cure_of(problem::a_Model_wants_a_Network)>{};
}

template<class Verdict> consteval bool declare() {
  static_assert(Verdict::accepted,
                "this network is refused; network_is_refused says why first and the cure last; see docs/errors.md");
  return Verdict::accepted;
}

/// True, or one compiler error that names the mistake. Nothing else of a refused network is instantiated.
template<class Net> inline constexpr bool is_accepted = declare<decltype(verdict<Net>())>();

}  // namespace laminate
