// Options of layers, in any order: Conv<3, 16, Stride<2>, Bias<false>>.
#pragma once

#include <laminate/describe/facts.hpp>

namespace laminate {

template<int S> struct Stride {
  static constexpr int bit = 1;
  static constexpr void set(facts& f) { f.how.stride = S; }
};
template<int P> struct Padding {
  static constexpr int bit = 2;
  static constexpr void set(facts& f) { f.how.padding = P, f.padding_given = true; }
};
template<int D> struct Dilation {
  static constexpr int bit = 4;
  static constexpr void set(facts& f) { f.how.dilation = D; }
};
template<int G> struct Groups {
  static constexpr int bit = 8;
  static constexpr void set(facts& f) { f.how.groups = G; }
};
template<bool B> struct Bias {
  static constexpr int bit = 16;
  static constexpr void set(facts& f) { f.bias = B ? choice::yes : choice::no; }
};

/// Sets one option, or notes that it is none of `allowed` (bits), or that it was given before.
template<class Option> constexpr void take_option(facts& f, int allowed) {
  if constexpr (requires {
                  Option::set(f);
                  Option::bit;
                }) {
    if (!(allowed & Option::bit))
      f.misuse = problem::this_is_not_an_option_of_the_layer;
    else if (f.options_given & Option::bit)
      f.misuse = problem::an_option_is_given_twice;
    f.options_given |= Option::bit;
    Option::set(f);
  } else {
    f.misuse = problem::this_is_not_an_option_of_the_layer;
  }
}

template<class... Options> constexpr facts with_options(facts f, [[maybe_unused]] int allowed) {
  (take_option<Options>(f, allowed), ...);
  window const& w = f.how;
  if (w.padding < 0) f.misuse = problem::padding_must_not_be_negative;
  if (w.kernel < 1 || w.stride < 1 || w.dilation < 1 || w.groups < 1) f.misuse = problem::a_size_must_be_at_least_one;
  return f;
}

}  // namespace laminate
