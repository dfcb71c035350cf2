#include "resnet8.hpp"

#include "run.hpp"

int train_resnet8(train_options const& options) { return run<ResNet8>("ResNet-8", options); }
