// The network of the quickstart: three residual blocks, one per width. As in He et al. 2015 with n = 1.
#pragma once

#include <laminate/layers.hpp>

template<int Width>
using Block = laminate::Sequential<
    laminate::Residual<laminate::Conv<3, Width>, laminate::BN, laminate::ReLU, laminate::Conv<3, Width>, laminate::BN>,
    laminate::ReLU>;

template<int Width>
using Halve = laminate::Sequential<
    laminate::Residual<laminate::Shortcut<laminate::Conv<1, Width, laminate::Stride<2>>, laminate::BN>,
                       laminate::Conv<3, Width, laminate::Stride<2>>, laminate::BN, laminate::ReLU,
                       laminate::Conv<3, Width>, laminate::BN>,
    laminate::ReLU>;

using ResNet8 = laminate::Network<laminate::Image<1, 28, 28>, laminate::Conv<3, 16>, laminate::BN, laminate::ReLU,
                                  Block<16>, Halve<32>, Halve<64>, laminate::GlobalAvgPool, laminate::Dense<10>>;
