// Sequential, Residual, Shortcut, Repeat, Concat and Scale: how layers are put together.
#pragma once

#include <laminate/describe/word.hpp>

namespace laminate {

/// A bracket around the words of a block in the flat list of leaves.
template<role Opens, int Count> struct open_bracket : word {
  static constexpr facts about = [] {
    facts f{.acts_as = Opens};
    f.count = Count;
    if (Opens == role::open_repeat && Count < 1) f.misuse = problem::a_size_must_be_at_least_one;
    return f;
  }();
};
struct close_bracket : word {
  static constexpr facts about{.acts_as = role::close};
};

/// What a block is made of. `opens` is its bracket; the words inside follow in the order they are written.
template<role Opens, int Count, class... Words> struct block : word { using opens = open_bracket<Opens, Count>; };

/// Layers one after the other; counts as one layer of what contains it, as torch.nn.Sequential.
template<class... Words> struct Sequential : block<role::open_sequence, 1, Words...> {};

/// The words N times over, each time with parameters of their own.
template<int N, class... Words> struct Repeat : block<role::open_repeat, N, Words...> {};

/// The projection of a Residual's input; must come first in it: Residual<Shortcut<Conv<1,32, Stride<2>>, BN>, ...>.
template<class... Words> struct Shortcut : block<role::open_shortcut, 1, Words...> {};

/// H(x) = F(x) + x, or F(x) + Shortcut(x) (He et al. 2015, arXiv:1512.03385). Both must end in the same shape.
template<class... Words> struct Residual : block<role::open_residual, 1, Words...> {};

/// The channels of all branches, one after the other. Each argument is a branch; several layers
/// in one are a Sequential.
template<class... Branches>
struct Concat : block<role::open_concatenation, sizeof...(Branches), Sequential<Branches>...> {};

/// H(x) = x·F(x), F being the words: element by element where F(x) has the shape of x, else (C, H, W) times (C) or
/// (C, 1, 1), a factor for each channel, as in squeeze-and-excitation (Hu et al. 2018, arXiv:1709.01507):
/// Scale<GlobalAvgPool, Dense<C / 16>, ReLU, Dense<C>, Logistic>. Backward: dx = dy·F(x) + what F adds, and
/// dF = dy·x, summed over a channel's pixels where they share the factor.
template<class... Words> struct Scale : block<role::open_scale, 1, Words...> {};

}  // namespace laminate
