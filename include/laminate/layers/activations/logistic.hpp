// Logistic, also called Sigmoid.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = 1/(1 + e⁻ˣ), f′ = f·(1 − f).
struct Logistic : word {
  static constexpr auto value = [](auto x) { return 1 / (1 + exp(-x)); };
  static constexpr auto slope_of_output = [](auto y) { return y * (1 - y); };
  static constexpr auto slope = [](auto x) { return slope_of_output(value(x)); };
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<Logistic>::about();
};
using Sigmoid = Logistic;

}  // namespace laminate
