// SE-ResNet-20: squeeze and excitation, which scales channels by what a branch finds.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_se_resnet(settings const& s) {
  return network_rows<zoo::SEResNet<20>>("SE-ResNet-20", {{"infer", 1}, {"infer", 64}, {"train", 64}}, s);
}
