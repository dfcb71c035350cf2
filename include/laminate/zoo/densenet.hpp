// Densely connected networks for small images.
#pragma once

#include <laminate/zoo/stages.hpp>

namespace laminate::zoo {

/// Adds Growth channels to those it is given; with a bottleneck of 4 · Growth.
template<int Growth>
using DenseLayer = Concat<Identity, Sequential<BN, ReLU, Conv<1, 4 * Growth>, BN, ReLU, Conv<3, Growth, Bias<false>>>>;

template<int Layers, int Growth, int To>
using DenseStage =
    decltype(repeat<Layers>(DenseLayer<Growth>{}) >> bn >> relu >> conv<1, To, Bias<false>> >> avg_pool<2>);

// Channels after a stage: those before it and its own, halved.
constexpr int compressed(int channels, int layers, int growth) { return (channels + layers * growth) / 2; }

/// Huang, Liu, van der Maaten & Weinberger, "Densely connected convolutional networks" (arXiv:1608.06993),
/// with bottlenecks and compression: DenseNet-BC-40-12 is DenseNetBC<40, 12>.
template<int Depth, int Growth, int Classes = 10, class Input = Image<3, 32, 32>, int N = blocks(Depth, 4),
         int C1 = compressed(2 * Growth, N, Growth), int C2 = compressed(C1, N, Growth)>
using DenseNetBC = decltype(Input{} >> conv<3, 2 * Growth, Bias<false>> >> DenseStage<N, Growth, C1>{} >>
                            DenseStage<N, Growth, C2>{} >> repeat<N>(DenseLayer<Growth>{}) >> bn >> relu >>
                            global_avg_pool >> dense<Classes>);

}  // namespace laminate::zoo
