// MobileNet, the second version.
#pragma once

#include <laminate/zoo/mobilenet.hpp>

namespace laminate::zoo {

// Depthwise over Wide channels, and back to few without an activation.
template<int Wide, int Out, int Step>
using Narrow = decltype(conv<3, Wide, Stride<Step>, Groups<Wide>> >> bn >> relu6 >> conv<1, Out> >> bn);
template<int In, int Out, int Step>
using Inverted = decltype(conv<1, 6 * In> >> bn >> relu6 >> Narrow<6 * In, Out, Step>{});
/// N blocks that widen sixfold inside; those that keep the shape are residual.
template<int N, int In, int Out, int Step>
using InvertedStage = decltype(sequential(Inverted<In, Out, Step>{}) >> repeat<N - 1>(id + Inverted<Out, Out, 1>{}));

/// Sandler et al., "MobileNetV2" (arXiv:1801.04381), table 2, as torchvision.models.mobilenet_v2. P is the
/// width multiplier in percent.
template<int Classes = 1000, int P = 100, class Input = Image<3, 224, 224>>
using MobileNetV2 = decltype(
    Input{} >> conv<3, scaled(32, P), Stride<2>> >> bn >> relu6 >>
    sequential(Narrow<scaled(32, P), scaled(16, P), 1>{}) >> InvertedStage<2, scaled(16, P), scaled(24, P), 2>{} >>
    InvertedStage<3, scaled(24, P), scaled(32, P), 2>{} >> InvertedStage<4, scaled(32, P), scaled(64, P), 2>{} >>
    InvertedStage<3, scaled(64, P), scaled(96, P), 1>{} >> InvertedStage<3, scaled(96, P), scaled(160, P), 2>{} >>
    sequential(Inverted<scaled(160, P), scaled(320, P), 1>{}) >> conv<1, scaled(1280, P < 100 ? 100 : P)> >> bn >>
    relu6 >> global_avg_pool >> dropout<0.2> >> dense<Classes>);

}  // namespace laminate::zoo
