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
/// classifiers and local response normalisation.
template<int Classes = 1000, class Input = Image<3, 224, 224>>
using GoogLeNet = Network<Input, Conv<7, 64, Stride<2>>, ReLU, Shrink, Conv<1, 64>, ReLU, Conv<3, 192>, ReLU, Shrink,
                          Inception<64, 96, 128, 16, 32, 32>, Inception<128, 128, 192, 32, 96, 64>, Shrink,
                          Inception<192, 96, 208, 16, 48, 64>, Inception<160, 112, 224, 24, 64, 64>,
                          Inception<128, 128, 256, 24, 64, 64>, Inception<112, 144, 288, 32, 64, 64>,
                          Inception<256, 160, 320, 32, 128, 128>, Shrink, Inception<256, 160, 320, 32, 128, 128>,
                          Inception<384, 192, 384, 48, 128, 128>, GlobalAvgPool, Dropout<0.4>, Dense<Classes>>;

}  // namespace laminate::zoo
