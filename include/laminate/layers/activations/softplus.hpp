// SoftPlus.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = logₑ(1 + eˣ), computed as max(x, 0) + logₑ(1 + e^−|x|), which does not overflow; f′(x) = 1/(1 + e⁻ˣ).
struct SoftPlus : word {
  static constexpr auto value = [](auto x) { return max(x, 0) + log1p(exp(-abs(x))); };
  static constexpr auto slope = [](auto x) { return 1 / (1 + exp(-x)); };
  static constexpr bool rectifies = true;
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<SoftPlus>::about();
};

}  // namespace laminate
