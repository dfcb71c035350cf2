// SqueezeNet.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

/// Few channels, then many again: half of them by 1 × 1, half by 3 × 3.
template<int Squeeze, int Expand>
using Fire =
    Sequential<Conv<1, Squeeze>, ReLU, Concat<Sequential<Conv<1, Expand>, ReLU>, Sequential<Conv<3, Expand>, ReLU>>>;

/// Iandola et al. (arXiv:1602.07360), the authors' version 1.1, as torchvision.models.squeezenet1_1. Its
/// widths are multiples of Width.
template<int Classes = 1000, int Width = 16, class Input = Image<3, 224, 224>>
using SqueezeNet = Network<Input, Conv<3, 4 * Width, Stride<2>, Padding<0>>, ReLU, MaxPool<3, Stride<2>>,  //
                           Repeat<2, Fire<Width, 4 * Width>>, MaxPool<3, Stride<2>>,                       //
                           Repeat<2, Fire<2 * Width, 8 * Width>>, MaxPool<3, Stride<2>>,                   //
                           Repeat<2, Fire<3 * Width, 12 * Width>>,                                         //
                           Repeat<2, Fire<4 * Width, 16 * Width>>,                                         //
                           Dropout<0.5>, Conv<1, Classes>, ReLU, GlobalAvgPool>;

}  // namespace laminate::zoo
