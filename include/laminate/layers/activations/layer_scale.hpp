// LayerScale.
#pragma once

#include <laminate/layers/activation.hpp>

namespace laminate {

/// f(x) = a·x with a learned for each channel, 10⁻⁶ at first: a residual branch begins as almost nothing (Touvron et
/// al. 2021, arXiv:2103.17239).
struct LayerScale : word {
  static constexpr auto value = [](auto x, auto a) { return a * x; };
  static constexpr bool per_channel = true;
  static constexpr double initial = 1e-6;
  static constexpr facts about = mathematics<LayerScale>::about();
};

}  // namespace laminate
