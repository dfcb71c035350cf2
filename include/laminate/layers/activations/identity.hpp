// Identity.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = x, f′(x) = 1.
struct Identity : word {
  static constexpr auto value = [](auto x) { return x; };
  static constexpr auto slope_of_output = [](auto) { return 1; };
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<Identity>::about();
};

}  // namespace laminate
