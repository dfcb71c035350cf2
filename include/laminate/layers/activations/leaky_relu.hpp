// LeakyReLU.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = s·x for x < 0, x for x ≥ 0, with s = 0.01 as in PyTorch. s must be positive: the
/// slope is read off the output.
template<double S> struct LeakyReLUWith : word {
  static constexpr auto value = [](auto x) { return where(x < 0, S * x, x); };
  static constexpr auto slope_of_output = [](auto y) { return where(y > 0, 1, S); };
  static constexpr auto slope = slope_of_output;
  static constexpr bool rectifies = true;
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<LeakyReLUWith>::about();
};
using LeakyReLU = LeakyReLUWith<0.01>;

}  // namespace laminate
