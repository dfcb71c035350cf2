// Which algorithm computes a convolution: a part of every policy.
#pragma once

#include <laminate/describe/algorithm.hpp>

namespace laminate {

/// Every convolution directly.
struct Direct {
  static constexpr algorithm choose(sliding const&) { return algorithm::direct; }
};

/// F(M×M, 3×3) wherever it can be, M = 2 or 4. M = 4 is faster and rounds ten times as much: see docs/05_kernels.md.
template<int M> struct Winograd {
  static_assert(M == 2 || M == 4, "Winograd<M> computes tiles of 2×2 or 4×4 outputs");
  static constexpr algorithm choose(sliding const& g) {
    return !suits_winograd(g) ? algorithm::direct : M == 2 ? algorithm::winograd_2 : algorithm::winograd_4;
  }
};

/// Vector operations of 16 numbers one image takes. A tile's transforms, in and out, were measured on AVX-512 at about
/// 400 each for m = 4 and 150 for m = 2 per block of channels, loads and stores included.
constexpr double cost_of(sliding const& g, algorithm a) {
  double const in = g.in.channels, out = blocks_of(g.out.channels);
  if (a == algorithm::direct) return 9 * in * out * g.out.pixels();
  tiling const t = tiling_of(g, a);
  double const transform = a == algorithm::winograd_4 ? 400 : 150;
  return t.across * t.down * (products_per_tile(a) * in * out + transform * (blocks_of(g.in.channels) + out));
}

/// The cheapest by cost_of.
struct Auto {
  static constexpr algorithm choose(sliding const& g) {
    if (!suits_winograd(g)) return algorithm::direct;
    algorithm best = algorithm::direct;
    for (algorithm a : {algorithm::winograd_2, algorithm::winograd_4})
      if (cost_of(g, a) < cost_of(g, best)) best = a;
    return best;
  }
};

}  // namespace laminate
