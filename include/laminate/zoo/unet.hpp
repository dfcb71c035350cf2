// U-Net: an image of classes from an image.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

template<int F> using DoubleConv = Sequential<Conv<3, F>, BN, ReLU, Conv<3, F>, BN, ReLU>;

/// Levels from F channels on: each but the last has a skip over the ones below.
template<int F, int Levels> constexpr auto unet_levels() {
  if constexpr (Levels == 1)
    return DoubleConv<F>{};
  else
    return DoubleConv<F>{} >>
           (id | (max_pool<2> >> unet_levels<2 * F, Levels - 1>() >> conv_transpose<2, F, Stride<2>>)) >>
           DoubleConv<F>{};
}

/// Ronneberger, Fischer & Brox, "U-Net" (arXiv:1505.04597), with the padding and the normalisations that are usual
/// today: the output has the size of the input, whose height and width are multiples of 2^(Levels − 1).
template<int Classes = 2, int W = 64, class Input = Image<3, 256, 256>, int Levels = 5>
using UNet = decltype(Input{} >> unet_levels<W, Levels>() >> conv<1, Classes>);

}  // namespace laminate::zoo
