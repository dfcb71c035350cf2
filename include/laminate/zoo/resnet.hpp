// Residual networks for small images.
#pragma once

#include <laminate/zoo/stages.hpp>

namespace laminate::zoo {

/// As many zeros as there are inputs.
struct Zeros : word {
  static constexpr auto value = [](auto x) { return 0 * x; };
  static constexpr facts about = mathematics<Zeros>::about();
};

/// Two ways past a block that halves the image and doubles the channels to F: every second pixel and channels
/// of zeros (the paper's option A, without parameters), or a projection (option B).
template<int F> using Padded = Shortcut<AvgPool<1, Stride<2>>, Concat<Identity, Zeros>>;
template<int F> using Projected = Shortcut<Conv<1, F, Stride<2>>, BN>;

template<int F> using Block = Sequential<Residual<Conv<3, F>, BN, ReLU, Conv<3, F>, BN>, ReLU>;
template<class Skip, int F>
using Halve = Sequential<Residual<Skip, Conv<3, F, Stride<2>>, BN, ReLU, Conv<3, F>, BN>, ReLU>;

template<int Blocks, class Skip, int F> using Stage = decltype(Halve<Skip, F>{} >> again<Blocks - 1>(Block<F>{}));
template<int Blocks, int F> using ProjectedStage = Stage<Blocks, Projected<F>, F>;

/// He, Zhang, Ren & Sun, "Deep residual learning for image recognition" (arXiv:1512.03385), section 4.2: 6n +
/// 2 layers with weights. ResNet<20>, ResNet<32>, ResNet<56>, ResNet<110>.
template<int Depth, int Classes = 10, int W = 16, template<int> class Skip = Padded, class Input = Image<3, 32, 32>,
         int N = blocks(Depth, 2)>
using ResNet = decltype(Input{} >> conv<3, W> >> bn >> relu >> repeat<N>(Block<W>{}) >>
                        Stage<N, Skip<2 * W>, 2 * W>{} >> Stage<N, Skip<4 * W>, 4 * W>{} >> global_avg_pool >>
                        dense<Classes>);

}  // namespace laminate::zoo
