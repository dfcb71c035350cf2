// LeNet-5.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

/// LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition", 1998, as it is
/// written today: every map sees all maps before it, maxima instead of trained sums, images of 28 × 28. `Width` is how
/// many times the maps and units there are.
template<int Classes = 10, class Act = ReLU, class Input = Image<1, 28, 28>, int Width = 1>
using LeNet5 = Network<Input,                                                      //
                       Conv<5, 6 * Width>, Act, MaxPool<2>,                        //
                       Conv<5, 16 * Width, Padding<0>>, Act, MaxPool<2>, Flatten,  //
                       Dense<120 * Width>, Act, Dense<84 * Width>, Act, Dense<Classes>>;

}  // namespace laminate::zoo
