// Networks written as expressions: each yields the very type that one could have spelled.
#pragma once

#include <laminate/layers/activations/identity.hpp>
#include <laminate/layers/blocks/sequential.hpp>
#include <laminate/layers/network.hpp>

namespace laminate {

/// What `>>` makes of layers while no input stands before them. It dissolves in whatever it is composed with;
/// as a word in a type it is a Sequential.
template<class... Words> struct Chain : block<role::open_sequence, 1, Words...> {};

template<class W>
concept InputWord = Leaf<W> && W::about.acts_as == role::input;

/// What may stand on the right of an operator. What is no layer, a class or a number, is refused by its name, as in a
/// type. Functions may not: `tanh` is one, and has operators of its own.
template<class W>
concept Composable = std::is_class_v<W> || std::is_object_v<std::remove_pointer_t<W>>;

// Overloads, and not one operator that asks what its operands are: that would instantiate several types for
// each layer.

/// image<1,28,28> >> conv<3,16> >> bn is Network<Image<1,28,28>, Conv<3,16>, BN>; conv<3,16> >> bn is a
/// Chain.
template<Word A, Composable B> constexpr Chain<A, B> operator>>(A, B) { return {}; }
template<Word A, class... B> constexpr Chain<A, B...> operator>>(A, Chain<B...>) { return {}; }
template<InputWord A, Composable B> constexpr Network<A, B> operator>>(A, B) { return {}; }
template<InputWord A, class... B> constexpr Network<A, B...> operator>>(A, Chain<B...>) { return {}; }
template<class... A, Composable B> constexpr Chain<A..., B> operator>>(Chain<A...>, B) { return {}; }
template<class... A, class... B> constexpr Chain<A..., B...> operator>>(Chain<A...>, Chain<B...>) { return {}; }
template<class... A, Composable B> constexpr Network<A..., B> operator>>(Network<A...>, B) { return {}; }
template<class... A, class... B> constexpr Network<A..., B...> operator>>(Network<A...>, Chain<B...>) { return {}; }

// A branch of several layers is a Sequential in a Concat, and stands as it is in a Residual.
template<class W> struct as_branch {
  using word = W;
  using shortcut = Shortcut<W>;
  template<class... First> using residual = Residual<First..., W>;
  using scale = Scale<W>;
};
template<class... Words> struct as_branch<Chain<Words...>> {
  using word = Sequential<Words...>;
  using shortcut = Shortcut<Words...>;
  template<class... First> using residual = Residual<First..., Words...>;
  using scale = Scale<Words...>;
};

/// id + body is Residual<body…>, and so is body + id; any other shortcut + body is
/// Residual<Shortcut<shortcut…>, body…>. g++ wants the parentheses in (id + body) >> relu, and says so.
template<Word A, Composable B> constexpr auto operator+(A, B) {
  if constexpr (std::same_as<A, Identity>)
    return typename as_branch<B>::template residual<>{};
  else if constexpr (std::same_as<B, Identity>)
    return typename as_branch<A>::template residual<>{};
  else
    return typename as_branch<B>::template residual<typename as_branch<A>::shortcut>{};
}

/// id * body is Scale<body…>, and so is body * id.
template<Composable B> constexpr auto operator*(Identity, B) { return typename as_branch<B>::scale{}; }
template<Word A>
requires(!std::same_as<A, Identity>) constexpr auto operator*(A, Identity) { return typename as_branch<A>::scale{}; }

/// a | b | c is Concat<a, b, c>.
template<Word A, Composable B> constexpr auto operator|(A, B) {
  return Concat<typename as_branch<A>::word, typename as_branch<B>::word>{};
}
template<class... A, Composable B> constexpr auto operator|(Concat<A...>, B) {
  return Concat<A..., typename as_branch<B>::word>{};
}

/// repeat<3>(conv<3,16> >> relu) is Repeat<3, Conv<3,16>, ReLU>.
template<int N, Word W> constexpr Repeat<N, W> repeat(W) { return {}; }
template<int N, class... Words> constexpr Repeat<N, Words...> repeat(Chain<Words...>) { return {}; }

/// sequential(conv<3,16> >> relu) is Sequential<Conv<3,16>, ReLU>: unlike a chain it stays one layer.
template<Word W> constexpr Sequential<W> sequential(W) { return {}; }
template<class... Words> constexpr Sequential<Words...> sequential(Chain<Words...>) { return {}; }

}  // namespace laminate
