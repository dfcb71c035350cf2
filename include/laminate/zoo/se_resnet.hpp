// Squeeze-and-excitation networks.
#pragma once

#include <laminate/zoo/resnet_imagenet.hpp>

namespace laminate::zoo {

/// A factor from 0 to 1 for each of C channels, made of all channels' means by way of C / 16 numbers.
template<int C, int Reduction = 16>
using Excitation = Scale<GlobalAvgPool, Dense<C / Reduction>, ReLU, Dense<C>, Logistic>;

template<int F, int Step, class... Skip>
using SEBlock = Sequential<Residual<Skip..., Conv<3, F, Stride<Step>>, BN, ReLU, Conv<3, F>, BN, Excitation<F>>, ReLU>;
template<int F, int Step, class... Skip>
using SEBottleneck = Sequential<
    Residual<Skip..., Conv<1, F>, BN, ReLU, Conv<3, F, Stride<Step>>, BN, ReLU, Conv<1, 4 * F>, BN, Excitation<4 * F>>,
    ReLU>;

template<int Blocks, int F>
using SEStage = decltype(SEBlock<F, 2, Projected<F>>{} >> again<Blocks - 1>(SEBlock<F, 1>{}));
template<int Blocks, int F, int Step>
using SEBottleneckStage = decltype(SEBottleneck<F, Step, Shortcut<Conv<1, 4 * F, Stride<Step>>, BN>>{} >>
                                   again<Blocks - 1>(SEBottleneck<F, 1>{}));

/// Hu, Shen, Albanie, Sun & Wu, "Squeeze-and-excitation networks" (arXiv:1709.01507), on the residual networks for
/// small images, with projections: SEResNet<20>, SEResNet<56>, SEResNet<110>. W is a multiple of 16.
template<int Depth, int Classes = 10, int W = 16, class Input = Image<3, 32, 32>, int N = blocks(Depth, 2)>
using SEResNet = decltype(Input{} >> conv<3, W> >> bn >> relu >> repeat<N>(SEBlock<W, 1>{}) >> SEStage<N, 2 * W>{} >>
                          SEStage<N, 4 * W>{} >> global_avg_pool >> dense<Classes>);

/// The same for ImageNet: table 1 of the paper, the stride in the 3×3 convolution as in zoo::ResNet50.
template<int Classes = 1000, int W = 64, class Input = Image<3, 224, 224>>
using SEResNet50 = ImageNetResNet<Classes, W, Input, SEBottleneckStage<3, W, 1>, SEBottleneckStage<4, 2 * W, 2>,
                                  SEBottleneckStage<6, 4 * W, 2>, SEBottleneckStage<3, 8 * W, 2>>;

}  // namespace laminate::zoo
