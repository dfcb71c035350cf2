// Dropout<Percent>: forgets random elements while training.
#pragma once

#include <laminate/describe/word.hpp>

namespace laminate {

/// While training each element is 0 with probability P and x/(1 − P) otherwise (Srivastava et al. 2014), as
/// torch.nn.Dropout; when testing, the identity. P is a double from 0 to below 1: Dropout<0.5>.
template<double P = 0.5> struct Dropout : word {
  static constexpr facts about = [] {
    facts f{.acts_as = role::dropout, .output = same_shape, .refuses = accepts_anything};
    f.rate = P;
    if (!(P >= 0 && P < 1)) f.misuse = problem::a_probability_must_be_at_least_0_and_below_1;
    return f;
  }();
};

}  // namespace laminate
