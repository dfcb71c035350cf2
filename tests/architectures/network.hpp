// A network in which most kernels and vector functions occur: Winograd's and direct convolutions, one read from planes,
// depthwise and grouped ones, pools, normalisations, factors, exponential and error function.
#pragma once

#include <laminate/layers.hpp>

namespace architectures {

using namespace laminate;

using Net = Network<Image<3, 12, 11>, Conv<3, 16>, BN, ReLU, Residual<Conv<3, 16>, BN, GELU, Conv<3, 16>, BN>, PReLU,
                    MaxPool<3, Stride<2>, Padding<1>>, Conv<3, 16, Groups<16>>, Tanh, LayerNorm,
                    Scale<GlobalAvgPool, Dense<16>, Logistic>, Conv<5, 33, Stride<2>, Bias<false>>, ELU, AvgPool<2>,
                    Flatten, Dense<17>, BN, SiLU, Dense<3>>;

}  // namespace architectures
