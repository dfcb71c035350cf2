// The networks the training program knows, each compiled in a file of its own.
#pragma once

#include <vector>

#include "options.hpp"

struct network_choice {
  char const* name;
  int (*train)(train_options const&);
};

int train_resnet8(train_options const&);
int train_resnet20(train_options const&);
int train_lenet(train_options const&);
int train_mlp(train_options const&);

inline std::vector<network_choice> networks() {
  return {{"resnet8", train_resnet8}, {"resnet20", train_resnet20}, {"lenet", train_lenet}, {"mlp", train_mlp}};
}
