// LeNet-5 on 28×28 images, ReLU and max pools.
#include <laminate/layers.hpp>

#include "../fusion_table.hpp"
#include "networks.hpp"

using namespace laminate;

namespace {
using Net = Network<Image<1, 28, 28>, Conv<5, 6>, ReLU, MaxPool<2>, Conv<5, 16, Padding<0>>, ReLU, MaxPool<2>, Flatten,
                    Dense<120>, ReLU, Dense<84>, ReLU, Dense<10>>;
}

std::vector<bench::row> bench::fuse_lenet(std::string const& name, double peak, std::vector<int> const& batches,
                                          int threads, int rounds) {
  return fusion_rows<Net>(name, peak, batches, threads, rounds);
}
