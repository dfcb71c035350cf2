// The network that train.cpp trains and main.cpp has inside.
#pragma once

#include <laminate/layers.hpp>
#include <laminate/zoo/lenet.hpp>

using Net = laminate::zoo::LeNet5<>;
