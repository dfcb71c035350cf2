// Multi-layer perceptrons.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

template<class Input, int Classes, int... Widths>
using MLPFrom = decltype(((Input{} >> flatten) >> ... >> (dense<Widths> >> relu)) >> dense<Classes>);

/// A hidden layer for each width: MLP<10, 300, 100> is LeNet-300-100 of LeCun et al. 1998 with today's ReLU.
template<int Classes = 10, int... Widths> using MLP = MLPFrom<Image<1, 28, 28>, Classes, Widths...>;

}  // namespace laminate::zoo
