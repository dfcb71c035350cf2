// ConvNeXt.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

/// Depthwise 7×7, then a hidden layer of four times the channels at every pixel.
template<int C>
using ConvNeXtBlock = Residual<Conv<7, C, Groups<C>>, LayerNormWith<6>, Conv<1, 4 * C>, GELU, Conv<1, C>, LayerScale>;
template<int C> using Shrinking = Sequential<LayerNormWith<6>, Conv<2, C, Stride<2>, Padding<0>>>;

/// Liu, Mao, Wu, Feichtenhofer, Darrell & Xie, "A ConvNet for the 2020s" (arXiv:2201.03545), without stochastic depth;
/// A to D are the blocks of its stages. ConvNeXtTiny<> is the paper's ConvNeXt-T.
template<int Classes, int W, class Input, int A, int B, int C, int D>
using ConvNeXt =
    Network<Input, Conv<4, W, Stride<4>, Padding<0>>, LayerNormWith<6>, Repeat<A, ConvNeXtBlock<W>>, Shrinking<2 * W>,
            Repeat<B, ConvNeXtBlock<2 * W>>, Shrinking<4 * W>, Repeat<C, ConvNeXtBlock<4 * W>>, Shrinking<8 * W>,
            Repeat<D, ConvNeXtBlock<8 * W>>, GlobalAvgPool, LayerNormWith<6>, Dense<Classes>>;
template<int Classes = 1000, class Input = Image<3, 224, 224>>
using ConvNeXtTiny = ConvNeXt<Classes, 96, Input, 3, 3, 9, 3>;

}  // namespace laminate::zoo
