// Pre-activation residual networks for small images.
#pragma once

#include <laminate/zoo/resnet.hpp>

namespace laminate::zoo {

template<int F, class... Skip>
using PreactivationBlock =
    Residual<Skip..., BN, ReLU, Conv<3, F, Stride<sizeof...(Skip) + 1>>, BN, ReLU, Conv<3, F, Bias<false>>>;
template<int Blocks, int F>
using PreactivationStage = decltype(PreactivationBlock<F, Padded<F>>{} >> again<Blocks - 1>(PreactivationBlock<F>{}));

/// He, Zhang, Ren & Sun, "Identity mappings in deep residual networks" (arXiv:1603.05027): nothing but sums
/// on the way from block to block. The first block shares its activation with the shortcut, as in their
/// appendix.
template<int Depth, int Classes = 10, int W = 16, class Input = Image<3, 32, 32>, int N = blocks(Depth, 2)>
using PreactivationResNet = decltype(Input{} >> conv<3, W> >> bn >> relu >>
                                     (id + (conv<3, W> >> bn >> relu >> conv<3, W, Bias<false>>)) >>
                                     again<N - 1>(PreactivationBlock<W>{}) >> PreactivationStage<N, 2 * W>{} >>
                                     PreactivationStage<N, 4 * W>{} >> bn >> relu >> global_avg_pool >> dense<Classes>);

}  // namespace laminate::zoo
