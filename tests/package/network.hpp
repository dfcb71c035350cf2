// The consumer's network.
#pragma once

#include <laminate/layers.hpp>

using namespace laminate;

using Net = Network<Image<1, 6, 6>, Residual<Conv<3, 1>, BN>, ReLU, GlobalAvgPool, Dense<3>>;
