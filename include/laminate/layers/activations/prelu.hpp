// PReLU.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = a·x for x < 0, x for x ≥ 0, with a learned, 0.25 at first (He et al. 2015, arXiv:1502.01852), as
/// torch.nn.PReLU: one a for the layer (`PReLU`), or one per channel (`PReLUPerChannel`).
///   ∂f/∂x = a or 1,  ∂f/∂a = x or 0.
template<bool PerChannel> struct ParametricReLU : word {
  static constexpr auto value = [](auto x, auto a) { return where(x < 0, a * x, x); };
  static constexpr auto slope = [](auto x, auto a) { return where(x > 0, 1, a); };
  static constexpr bool rectifies = true;
  static constexpr bool per_channel = PerChannel;
  static constexpr double initial = 0.25;
  static constexpr facts about = mathematics<ParametricReLU>::about();
};
using PReLU = ParametricReLU<false>;
using PReLUPerChannel = ParametricReLU<true>;

}  // namespace laminate
