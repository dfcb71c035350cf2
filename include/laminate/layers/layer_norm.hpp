// LayerNorm: normalisation of each sample by itself.
#pragma once

#include <laminate/describe/word.hpp>

namespace laminate {

/// Normalises the features of a sample, as torch.nn.LayerNorm(F); of an image the channels at every pixel, as
/// torchvision's LayerNorm2d(C) and ConvNeXt (Ba, Kiros & Hinton 2016, arXiv:1607.06450; Liu et al. 2022,
/// arXiv:2201.03545):
///   y(c) = γ(c)·(x(c) − μ)/√(σ² + ε) + β(c) with the mean μ and the biased variance σ² over the channels c.
/// Training and testing do the same. Backward, with C channels, x̂ = (x − μ)/√(σ² + ε) and g = dy·γ:
///   dγ = Σ dy·x̂,  dβ = Σ dy over samples and pixels,  dx = (g − Σg/C − x̂·Σ(g·x̂)/C)/√(σ² + ε).
/// ε = 10^−EpsilonExponent.
template<int EpsilonExponent> struct LayerNormWith : word {
  static constexpr facts about = [] {
    facts f{.acts_as = role::layer_normalisation, .output = same_shape, .refuses = accepts_anything};
    f.epsilon = epsilon_of(EpsilonExponent);
    if (EpsilonExponent < 0 || EpsilonExponent > 30)
      f.misuse = problem::epsilon_wants_an_exponent_of_0_to_30_and_momentum_a_percentage;
    return f;
  }();
};

/// ε = 10⁻⁵, PyTorch's default.
using LayerNorm = LayerNormWith<5>;

}  // namespace laminate
