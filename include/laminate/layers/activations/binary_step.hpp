// BinaryStep.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = 0 for x < 0, 1 for x ≥ 0. Its derivative is 0 everywhere but at 0, where it has none; 0 is used there too.
/// No gradient passes: what lies before it does not learn.
struct BinaryStep : word {
  static constexpr auto value = [](auto x) { return where(x < 0, 0, 1); };
  static constexpr auto slope_of_output = [](auto) { return 0; };
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<BinaryStep>::about();
};

}  // namespace laminate
