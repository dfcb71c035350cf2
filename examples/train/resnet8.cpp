// The network of the quickstart: three residual blocks, one per width. As in He et al. 2015 with n = 1.
#include "run.hpp"

using namespace laminate;

template<int Width>
using Block = Sequential<Residual<Conv<3, Width>, BN, ReLU, Conv<3, Width>, BN>, ReLU>;

template<int Width>
using Halve = Sequential<Residual<Shortcut<Conv<1, Width, Stride<2>>, BN>,
                                  Conv<3, Width, Stride<2>>, BN, ReLU, Conv<3, Width>, BN>, ReLU>;

using ResNet8 = Network<Image<1, 28, 28>, Conv<3, 16>, BN, ReLU,
                        Block<16>, Halve<32>, Halve<64>, GlobalAvgPool, Dense<10>>;

int train_resnet8(train_options const& options) { return run<ResNet8>("ResNet-8", options); }
