// From a type to values, once: the flat list of a network's words, and the array of their facts.
#pragma once

#include <array>
#include <boost/hana/at.hpp>
#include <boost/hana/core/to.hpp>
#include <boost/hana/flatten.hpp>
#include <boost/hana/length.hpp>
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

template<class W> constexpr auto leaves_of(boost::hana::basic_type<W>);

template<role Opens, int Count, class... Words> constexpr auto leaves_in(block<Opens, Count, Words...> const*) {
  namespace hana = boost::hana;
  return hana::flatten(hana::make_tuple(hana::make_tuple(hana::type_c<open_bracket<Opens, Count>>),
                                        leaves_of(hana::type_c<Words>)...,
                                        hana::make_tuple(hana::type_c<close_bracket>)));
}

// A Repeat's words are listed once, whatever its count: depth costs no types.
template<class W> constexpr auto leaves_of(boost::hana::basic_type<W>) {
  namespace hana = boost::hana;
  if constexpr (Leaf<W>)
    return hana::make_tuple(hana::type_c<W>);
  else if constexpr (Word<W>)
    return leaves_in(static_cast<W const*>(nullptr));
  else
    return hana::make_tuple(hana::type_c<stranger<W>>);
}

template<class Net> struct leaves_of_network;
template<class... Words> struct leaves_of_network<Network<Words...>> {
  static constexpr auto list =
      boost::hana::flatten(boost::hana::make_tuple(leaves_of(boost::hana::type_c<Words>)..., boost::hana::tuple_t<>));
};
// decltype of `constexpr auto net = image<1,28,28> >> …` is const.
template<class Net> struct leaves_of_network<Net const> : leaves_of_network<Net> {};

/// The network's words in reading order, brackets included, as a hana::tuple of hana::types.
template<class Net> inline constexpr auto& leaves = leaves_of_network<Net>::list;

template<class Net> inline constexpr int leaf_count = decltype(boost::hana::length(leaves<Net>))::value;

/// The type of leaf i.
template<class Net, int I> using leaf = typename std::remove_cvref_t<decltype(boost::hana::at_c<I>(leaves<Net>))>::type;

/// The facts of all leaves.
template<class Net>
inline constexpr auto facts_of = boost::hana::unpack(leaves<Net>, [](auto... types) {
  return std::array<facts, sizeof...(types)>{decltype(types)::type::about...};
});

}  // namespace laminate
