// GoogLeNet: networks of Inception blocks.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

template<int K, int F> using Seen = decltype(conv<K, F> >> relu);

/// Four looks at the same image side by side: 1 × 1, 3 × 3 and 5 × 5 (both after a 1 × 1), and maxima.
template<int F1, int Before3, int F3, int Before5, int F5, int FPool>
using Inception = decltype(Seen<1, F1>{} | (Seen<1, Before3>{} >> Seen<3, F3>{}) |
                           (Seen<1, Before5>{} >> Seen<5, F5>{}) |
                           (max_pool<3, Stride<1>, Padding<1>> >> Seen<1, FPool>{}));

using Shrink = MaxPool<3, Stride<2>, Padding<1>>;

/// Szegedy et al., "Going deeper with convolutions" (arXiv:1409.4842), table 1, without the auxiliary
/// classifiers and local response normalisation. `W` is the width in eighths of theirs.
template<int Classes = 1000, class Input = Image<3, 224, 224>, int W = 8>
using GoogLeNet = Network<
    Input, Conv<7, 8 * W, Stride<2>>, ReLU, Shrink, Conv<1, 8 * W>, ReLU, Conv<3, 24 * W>, ReLU, Shrink,
    Inception<8 * W, 12 * W, 16 * W, 2 * W, 4 * W, 4 * W>, Inception<16 * W, 16 * W, 24 * W, 4 * W, 12 * W, 8 * W>,
    Shrink, Inception<24 * W, 12 * W, 26 * W, 2 * W, 6 * W, 8 * W>,
    Inception<20 * W, 14 * W, 28 * W, 3 * W, 8 * W, 8 * W>, Inception<16 * W, 16 * W, 32 * W, 3 * W, 8 * W, 8 * W>,
    Inception<14 * W, 18 * W, 36 * W, 4 * W, 8 * W, 8 * W>, Inception<32 * W, 20 * W, 40 * W, 4 * W, 16 * W, 16 * W>,
    Shrink, Inception<32 * W, 20 * W, 40 * W, 4 * W, 16 * W, 16 * W>,
    Inception<48 * W, 24 * W, 48 * W, 6 * W, 16 * W, 16 * W>,  //
    GlobalAvgPool, Dropout<0.4>, Dense<Classes>>;

}  // namespace laminate::zoo
