// ArcTan.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = tan⁻¹ x, f′(x) = 1/(x² + 1).
struct ArcTan : word {
  static constexpr auto value = [](auto x) { return atan(x); };
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<ArcTan>::about();
};

}  // namespace laminate
