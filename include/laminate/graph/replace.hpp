// replace and without: the type of a network with other words in it, whatever blocks they stand in.
#pragma once

#include <boost/hana/filter.hpp>
#include <boost/hana/not_equal.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>
#include <concepts>
#include <laminate/layers/expressions.hpp>
#include <laminate/layers/network.hpp>
#include <type_traits>

namespace laminate {

/// Stands for a word that is taken out, until its block is put together again.
struct taken_out {};

/// What W becomes inside, when every word that is exactly From shall be To.
template<class From, class To, class W> struct rewritten_inside { using type = W; };
template<class From, class To, class W>
using rewritten =
    typename std::conditional_t<std::same_as<W, From>, std::type_identity<To>, rewritten_inside<From, To, W>>::type;

template<template<class...> class Block, class... Words>
using block_of = typename decltype(boost::hana::unpack(
    boost::hana::filter(boost::hana::tuple_t<Words...>, boost::hana::not_equal.to(boost::hana::type_c<taken_out>)),
    boost::hana::template_<Block>))::type;

template<class From, class To, class... W> struct rewritten_inside<From, To, Network<W...>> {
  using type = block_of<Network, rewritten<From, To, W>...>;
};
template<class From, class To, class... W> struct rewritten_inside<From, To, Sequential<W...>> {
  using type = block_of<Sequential, rewritten<From, To, W>...>;
};
template<class From, class To, class... W> struct rewritten_inside<From, To, Chain<W...>> {
  using type = block_of<Chain, rewritten<From, To, W>...>;
};
template<class From, class To, class... W> struct rewritten_inside<From, To, Residual<W...>> {
  using type = block_of<Residual, rewritten<From, To, W>...>;
};
template<class From, class To, class... W> struct rewritten_inside<From, To, Shortcut<W...>> {
  using type = block_of<Shortcut, rewritten<From, To, W>...>;
};
template<class From, class To, class... W> struct rewritten_inside<From, To, Scale<W...>> {
  using type = block_of<Scale, rewritten<From, To, W>...>;
};
template<class From, class To, int N, class... W> struct rewritten_inside<From, To, Repeat<N, W...>> {
  template<class... Words> using times = Repeat<N, Words...>;
  using type = block_of<times, rewritten<From, To, W>...>;
};

// A branch of nothing passes its input on; it does not drop out of the Concat.
template<class Branch> using branch_of = std::conditional_t<std::same_as<Branch, taken_out>, Sequential<>, Branch>;
template<class From, class To, class... B> struct rewritten_inside<From, To, Concat<B...>> {
  using type = Concat<branch_of<rewritten<From, To, B>>...>;
};

// A struct derived from a block keeps its name only if nothing in it changes.
template<class From, class To, class W>
requires(Word<W> && !Leaf<W>) struct rewritten_inside<From, To, W> {
  template<role Opens, int Count, class... Words> struct block_as {
    template<class... Others> using type = block<Opens, Count, Others...>;
    using before = type<Words...>;
    using after = block_of<type, rewritten<From, To, Words>...>;
  };
  template<role Opens, int Count, class... Words>
  static block_as<Opens, Count, Words...> base(block<Opens, Count, Words...> const*);
  using base_of = decltype(base(static_cast<W const*>(nullptr)));
  using type =
      std::conditional_t<std::same_as<typename base_of::before, typename base_of::after>, W, typename base_of::after>;
};

/// Net with To wherever it says From: `replace<ReLU, GELU, Net>`. Net may also be a block.
template<class From, class To, class Net> using replace = rewritten<From, To, std::remove_const_t<Net>>;

/// Net with nothing where it says What: `without<BN, Net>`. Where that leaves a branch of a Concat empty, the
/// branch is the identity.
template<class What, class Net> using without = rewritten<What, taken_out, std::remove_const_t<Net>>;

}  // namespace laminate
