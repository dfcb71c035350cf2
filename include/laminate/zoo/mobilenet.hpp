// MobileNet, the first version.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

/// A width of the papers at a percentage of it, a multiple of 8 as in the second version's own code.
constexpr int scaled(int channels, int percent) {
  int const rounded = (channels * percent / 100 + 4) / 8 * 8;
  int const least = rounded * 100 * 10 < channels * percent * 9 ? rounded + 8 : rounded;  // not below 90 %
  return least < 8 ? 8 : least;
}

/// Depthwise 3 × 3, then 1 × 1 over all channels.
template<int In, int Out, int Step = 1>
using Separable = Sequential<Conv<3, In, Stride<Step>, Groups<In>>, BN, ReLU, Conv<1, Out>, BN, ReLU>;

template<int Classes, class Input, int A, int B, int C, int D, int E, int F>
using MobileNetOf =
    Network<Input, Conv<3, A, Stride<2>>, BN, ReLU, Separable<A, B>, Separable<B, C, 2>, Separable<C, C>,
            Separable<C, D, 2>, Separable<D, D>, Separable<D, E, 2>, Repeat<5, Separable<E, E>>, Separable<E, F, 2>,
            Separable<F, F>, GlobalAvgPool, Dense<Classes>>;

/// Howard et al., "MobileNets" (arXiv:1704.04861), table 1; Percent is its width multiplier.
template<int Classes = 1000, int Percent = 100, class Input = Image<3, 224, 224>>
using MobileNet = MobileNetOf<Classes, Input, scaled(32, Percent), scaled(64, Percent), scaled(128, Percent),
                              scaled(256, Percent), scaled(512, Percent), scaled(1024, Percent)>;

}  // namespace laminate::zoo
