// ReLU6.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = min(max(x, 0), 6) (Krizhevsky 2010; the activation of MobileNet-V2); f′ is 1 strictly between 0 and
/// 6, and 0 elsewhere, as in PyTorch.
struct ReLU6 : word {
  static constexpr auto value = [](auto x) { return where(x < 0, 0, where(x > 6, 6, x)); };
  static constexpr auto slope_of_output = [](auto y) { return where(y > 0, where(y < 6, 1, 0), 0); };
  static constexpr auto slope = slope_of_output;
  static constexpr bool rectifies = true;
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<ReLU6>::about();
};

}  // namespace laminate
