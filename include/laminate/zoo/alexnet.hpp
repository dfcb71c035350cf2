// AlexNet for small images.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

/// The convolutions of Krizhevsky's one-tower AlexNet (arXiv:1404.5997), pools of 2 and a single dense layer:
/// the form for 32 × 32 of github.com/bearpaw/pytorch-classification.
template<int Classes = 10, int Width = 64, class Input = Image<3, 32, 32>>
using AlexNet = Network<Input,                                                                      //
                        Conv<11, Width, Stride<4>, Padding<5>>, ReLU, MaxPool<2>,                   //
                        Conv<5, 3 * Width>, ReLU, MaxPool<2>,                                       //
                        Conv<3, 6 * Width>, ReLU, Repeat<2, Conv<3, 4 * Width>, ReLU>, MaxPool<2>,  //
                        Flatten, Dense<Classes>>;

}  // namespace laminate::zoo
