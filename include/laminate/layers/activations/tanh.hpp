// Tanh.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = tanh x = 2/(1 + e⁻²ˣ) − 1, f′ = 1 − f².
struct Tanh : word {
  static constexpr auto value = [](auto x) { return tanh(x); };
  static constexpr auto slope_of_output = [](auto y) { return 1 - y * y; };
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<Tanh>::about();
};

}  // namespace laminate
