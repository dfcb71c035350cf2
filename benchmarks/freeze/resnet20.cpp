// ResNet-20 for 3×32×32 images.
#include <laminate/layers.hpp>
#include <laminate/zoo.hpp>

#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::freeze_resnet20(double peak, std::vector<int> const& batches, int threads, int rounds) {
  return freeze_rows<zoo::ResNet<20>>("ResNet-20", peak, batches, threads, rounds);
}
