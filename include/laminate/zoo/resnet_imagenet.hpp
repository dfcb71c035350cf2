// Residual networks for ImageNet.
#pragma once

#include <laminate/zoo/resnet.hpp>

namespace laminate::zoo {

// Three convolutions: F channels, F, and four times as many. The stride is the middle one's, as in
// torchvision.
template<int F, int Step, class... Skip>
using Bottleneck =
    Sequential<Residual<Skip..., Conv<1, F>, BN, ReLU, Conv<3, F, Stride<Step>>, BN, ReLU, Conv<1, 4 * F>, BN>, ReLU>;

template<int Blocks, int F, int Step>
using BottleneckStage = decltype(Bottleneck<F, Step, Shortcut<Conv<1, 4 * F, Stride<Step>>, BN>>{} >>
                                 again<Blocks - 1>(Bottleneck<F, 1>{}));

template<int Classes, int Width, class Input, class... Stages>
using ImageNetResNet =
    decltype(((Input{} >> conv<7, Width, Stride<2>> >> bn >> relu >> max_pool<3, Stride<2>, Padding<1>>) >> ... >>
              Stages{}) >>
             global_avg_pool >> dense<Classes>);

/// He, Zhang, Ren & Sun, "Deep residual learning for image recognition" (arXiv:1512.03385), table 1, with
/// projections where the size changes, as torchvision.models.resnet18, resnet34 and resnet50.
template<int Classes = 1000, int W = 64, class Input = Image<3, 224, 224>>
using ResNet18 = ImageNetResNet<Classes, W, Input, Repeat<2, Block<W>>, ProjectedStage<2, 2 * W>,
                                ProjectedStage<2, 4 * W>, ProjectedStage<2, 8 * W>>;
template<int Classes = 1000, int W = 64, class Input = Image<3, 224, 224>>
using ResNet34 = ImageNetResNet<Classes, W, Input, Repeat<3, Block<W>>, ProjectedStage<4, 2 * W>,
                                ProjectedStage<6, 4 * W>, ProjectedStage<3, 8 * W>>;
template<int Classes = 1000, int W = 64, class Input = Image<3, 224, 224>>
using ResNet50 = ImageNetResNet<Classes, W, Input, BottleneckStage<3, W, 1>, BottleneckStage<4, 2 * W, 2>,
                                BottleneckStage<6, 4 * W, 2>, BottleneckStage<3, 8 * W, 2>>;

}  // namespace laminate::zoo
