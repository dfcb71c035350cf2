// ResNet-20 of He et al. 2015 for small images: three stages of three blocks.
#include "run.hpp"

using namespace laminate;

template<int Width> using Block = Sequential<Residual<Conv<3, Width>, BN, ReLU, Conv<3, Width>, BN>, ReLU>;

template<int Width>
using Halve = Sequential<
    Residual<Shortcut<Conv<1, Width, Stride<2>>, BN>, Conv<3, Width, Stride<2>>, BN, ReLU, Conv<3, Width>, BN>, ReLU>;

using ResNet20 = Network<Image<1, 28, 28>, Conv<3, 16>, BN, ReLU, Repeat<3, Block<16>>, Halve<32>, Repeat<2, Block<32>>,
                         Halve<64>, Repeat<2, Block<64>>, GlobalAvgPool, Dense<10>>;

int train_resnet20(train_options const& options) { return run<ResNet20>("ResNet-20", options); }
