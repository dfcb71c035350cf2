// The network whose kernels are compiled for several architectures.
#pragma once

#include <laminate/layers.hpp>

using namespace laminate;

using Block = Sequential<Residual<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN>, ReLU>;
using SmallResNet = Network<Image<3, 32, 32>, Conv<3, 16>, BN, ReLU, Repeat<3, Block>, GlobalAvgPool, Dense<10>>;
