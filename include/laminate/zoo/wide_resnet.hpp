// Wide residual networks for small images.
#pragma once

#include <laminate/zoo/preactivation.hpp>

namespace laminate::zoo {

// The first block of a stage shares its activation with the projection.
template<int Blocks, int F, int Step>
using WideStage = decltype(bn >> relu >> (conv<1, F, Stride<Step>, Bias<false>> +
                                          (conv<3, F, Stride<Step>> >> bn >> relu >> conv<3, F, Bias<false>>)) >>
                           again<Blocks - 1>(PreactivationBlock<F>{}));

/// Zagoruyko & Komodakis, "Wide residual networks" (arXiv:1605.07146): 6n + 4 layers, Widen times as wide.
/// WRN-16-4 is WideResNet<16, 4>.
template<int Depth, int Widen, int Classes = 10, int Width = 16, class Input = Image<3, 32, 32>,
         int N = blocks(Depth, 4), int W = Widen* Width>
using WideResNet = decltype(Input{} >> conv<3, Width, Bias<false>> >> WideStage<N, W, 1>{} >>
                            WideStage<N, 2 * W, 2>{} >> WideStage<N, 4 * W, 2>{} >> bn >> relu >> global_avg_pool >>
                            dense<Classes>);

}  // namespace laminate::zoo
