// VGG for small images, with batch normalisation.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

/// The five stages of Simonyan & Zisserman (arXiv:1409.1556), A to E layers each; for images of 32 × 32 a
/// single dense layer follows, as in github.com/kuangliu/pytorch-cifar.
template<int A, int B, int C, int D, int E, int Classes, int Width, class Input>
using VGG = Network<Input,                                                //
                    Repeat<A, Conv<3, Width>, BN, ReLU>, MaxPool<2>,      //
                    Repeat<B, Conv<3, 2 * Width>, BN, ReLU>, MaxPool<2>,  //
                    Repeat<C, Conv<3, 4 * Width>, BN, ReLU>, MaxPool<2>,  //
                    Repeat<D, Conv<3, 8 * Width>, BN, ReLU>, MaxPool<2>,  //
                    Repeat<E, Conv<3, 8 * Width>, BN, ReLU>, MaxPool<2>,  //
                    Flatten, Dense<Classes>>;

template<int Classes = 10, int Width = 64, class Input = Image<3, 32, 32>>
using VGG11 = VGG<1, 1, 2, 2, 2, Classes, Width, Input>;
template<int Classes = 10, int Width = 64, class Input = Image<3, 32, 32>>
using VGG16 = VGG<2, 2, 3, 3, 3, Classes, Width, Input>;

}  // namespace laminate::zoo
