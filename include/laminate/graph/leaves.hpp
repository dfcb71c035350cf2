// From a type to values, once: the flat list of a network's words, and the array of their facts.
#pragma once

#include <array>
#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>
#include <laminate/layers/blocks/sequential.hpp>
#include <laminate/layers/network.hpp>
#include <utility>

namespace laminate {

/// Stands for what is not a layer at all, so that it is refused by name and not by a page of errors.
template<class Type> struct stranger : word {
  static constexpr facts about{.acts_as = role::flatten,
                               .output = same_shape,
                               .refuses = accepts_anything,
                               .misuse = problem::this_is_not_a_layer};
};
template<class... Words> struct stranger<Network<Words...>> : word {
  static constexpr facts about{.acts_as = role::flatten,
                               .output = same_shape,
                               .refuses = accepts_anything,
                               .misuse = problem::a_Network_cannot_be_a_layer_use_Sequential};
};

/// Words in a row. Lists are joined as types, and remembered for each block; hana::flatten copies tuples of values.
template<class... Words> struct word_list {
  static constexpr int size = sizeof...(Words);
  /// What each says about itself.
  static constexpr std::array<facts, sizeof...(Words)> abouts() { return {Words::about...}; }
  static constexpr auto types() { return boost::hana::tuple_t<Words...>; }
};

template<class... Lists> struct joined;
template<class... A> struct joined<word_list<A...>> { using type = word_list<A...>; };
template<class... A, class... B, class... Rest>
struct joined<word_list<A...>, word_list<B...>, Rest...> : joined<word_list<A..., B...>, Rest...> {};
template<class... A, class... B, class... C, class... D, class... Rest>
struct joined<word_list<A...>, word_list<B...>, word_list<C...>, word_list<D...>, Rest...>
    : joined<word_list<A..., B..., C..., D...>, Rest...> {};

template<class W> constexpr auto list_leaves();

/// The words of W in reading order, brackets included. A Repeat's are listed once, whatever its count: depth costs no
/// types.
template<class W> using leaves_of = decltype(list_leaves<W>());

template<role Opens, int Count, class... Words> constexpr auto list_block(block<Opens, Count, Words...> const*) {
  return typename joined<word_list<open_bracket<Opens, Count>>, leaves_of<Words>..., word_list<close_bracket>>::type{};
}

template<class W> constexpr auto list_leaves() {
  if constexpr (Leaf<W>)
    return word_list<W>{};
  else if constexpr (Word<W>)
    return list_block(static_cast<W const*>(nullptr));
  else
    return word_list<stranger<W>>{};
}

template<class Net> struct leaves_of_network;
template<class... Words> struct leaves_of_network<Network<Words...>> : joined<word_list<>, leaves_of<Words>...> {};
// decltype of `constexpr auto net = image<1,28,28> >> …` is const.
template<class Net> struct leaves_of_network<Net const> : leaves_of_network<Net> {};

template<class Net> inline constexpr int leaf_count = leaves_of_network<Net>::type::size;

/// The network's words in reading order, brackets included, as a hana::tuple of hana::types.
template<class Net> inline constexpr auto leaves = leaves_of_network<Net>::type::types();

/// The type of leaf i.
template<class Net, int I> using leaf = typename std::remove_cvref_t<decltype(boost::hana::at_c<I>(leaves<Net>))>::type;

/// The facts of all leaves.
template<class Net> inline constexpr auto facts_of = leaves_of_network<Net>::type::abouts();

}  // namespace laminate
