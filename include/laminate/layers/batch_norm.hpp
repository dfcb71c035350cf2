// BN: batch normalisation.
#pragma once

#include <laminate/describe/word.hpp>

namespace laminate {

/// Normalises each channel over the batch and its pixels (Ioffe & Szegedy 2015, arXiv:1502.03167), as
/// torch.nn.BatchNorm2d and 1d with their defaults:
///   training: y = γ·(z − μ)/√(σ² + ε) + β with the batch's mean μ and biased variance σ²; the running mean and the
///             unbiased running variance move by `momentum` (0.1) towards the batch's;
///   testing:  the running mean and variance in place of the batch's.
/// Backward, with M values per channel and x̂ = (z − μ)/√(σ² + ε):
///   dγ = Σ g·x̂,  dβ = Σ g,  dz = γ/√(σ² + ε) · (g − dβ/M − x̂·dγ/M).
/// EpsilonExponent and MomentumPercent: ε = 10^−EpsilonExponent, momentum = MomentumPercent / 100.
template<int EpsilonExponent = 5, int MomentumPercent = 10> struct BatchNorm : word {
  static constexpr facts about = [] {
    facts f{.acts_as = role::normalisation, .output = same_shape, .refuses = accepts_anything};
    f.epsilon = epsilon_of(EpsilonExponent);
    f.momentum = MomentumPercent / 100.0;
    if (EpsilonExponent < 0 || EpsilonExponent > 30 || MomentumPercent < 0 || MomentumPercent > 100)
      f.misuse = problem::epsilon_wants_an_exponent_of_0_to_30_and_momentum_a_percentage;
    return f;
  }();
};

using BN = BatchNorm<>;

}  // namespace laminate
