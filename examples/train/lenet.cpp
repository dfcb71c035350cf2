// LeNet-5 with the activations and pools of its time (LeCun et al. 1998), read from 28×28 images.
#include "run.hpp"

using namespace laminate;

using LeNet5 = Network<Image<1, 28, 28>, Conv<5, 6>, Tanh, AvgPool<2>, Conv<5, 16, Padding<0>>, Tanh, AvgPool<2>,
                       Flatten, Dense<120>, Tanh, Dense<84>, Tanh, Dense<10>>;

int train_lenet(train_options const& options) { return run<LeNet5>("LeNet-5", options); }
