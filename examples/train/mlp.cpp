// A perceptron with one hidden layer.
#include "run.hpp"

using namespace laminate;

using MLP = Network<Image<1, 28, 28>, Flatten, Dense<128>, ReLU, Dense<10>>;

int train_mlp(train_options const& options) { return run<MLP>("MLP", options); }
