// The network whose kernels are compiled for several architectures.
#pragma once

#include <laminate/layers.hpp>

using namespace laminate;

using Block = Sequential<Residual<Conv<3, 16>, BN, SiLU, Conv<3, 16>, BN>, SiLU>;
using SmallResNet = Network<Image<3, 16, 16>, Conv<3, 16>, BN, SiLU, Repeat<3, Block>, GlobalAvgPool, Dense<10>>;
