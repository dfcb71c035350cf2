// GELU.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = x·Φ(x) = x/2 · (1 + erf(x/√2)), the exact form (Hendrycks & Gimpel 2016, arXiv:1606.08415).
struct GELU : word {
  static constexpr auto value = [](auto x) { return 0.5 * x * (1 + erf(x * 0.70710678118654752440)); };
  static constexpr bool rectifies = true;
  static constexpr facts about = mathematics<GELU>::about();
};

}  // namespace laminate
