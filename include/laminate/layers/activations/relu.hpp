// ReLU.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = 0 for x < 0, x for x ≥ 0; f′ is 0 or 1, and 0 at 0 as in PyTorch. NaN stays NaN.
struct ReLU : word {
  static constexpr auto value = [](auto x) { return where(x < 0, 0, x); };
  static constexpr auto slope_of_output = [](auto y) { return where(y > 0, 1, 0); };
  static constexpr auto slope = slope_of_output;
  static constexpr bool rectifies = true;
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<ReLU>::about();
};

}  // namespace laminate
