// SiLU, also called Swish.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = x/(1 + e⁻ˣ) (Elfwing et al. 2017, arXiv:1702.03118); f′ = s·(1 + x·(1 − s)) with s = 1/(1 + e⁻ˣ).
struct SiLU : word {
  static constexpr auto value = [](auto x) { return x / (1 + exp(-x)); };
  static constexpr auto slope = [](auto x) {
    auto const s = 1 / (1 + exp(-x));
    return s * (1 + x * (1 - s));
  };
  static constexpr bool rectifies = true;
  static constexpr facts about = mathematics<SiLU>::about();
};

}  // namespace laminate
