// ELU.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = α(eˣ − 1) for x < 0, x for x ≥ 0; f′ = f + α or 1, and α at 0 as in PyTorch (Clevert et al. 2015,
/// arXiv:1511.07289). α = 1 for `ELU`.
template<double Alpha> struct ELUWith : word {
  static constexpr auto value = [](auto x) { return where(x < 0, Alpha * (exp(min(x, 0)) - 1), x); };
  static constexpr auto slope_of_output = [](auto y) { return where(y > 0, 1, y + Alpha); };
  static constexpr auto slope = [](auto x) { return where(x > 0, 1, Alpha * exp(min(x, 0))); };
  static constexpr bool rectifies = true;
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<ELUWith>::about();
};
using ELU = ELUWith<1.0>;

}  // namespace laminate
