// ResNet-20 for 3×32×32 images, with projections.
#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_resnet20(settings const& s) {
  return network_rows<zoo::ResNet<20, 10, 16, zoo::Projected>>(
      "ResNet-20", {{"infer", 1}, {"infer", 64}, {"train", 64}, {"train", 128}}, s);
}
