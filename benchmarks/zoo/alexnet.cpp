// AlexNet for 3×32×32 images: few and small images of many channels.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_alexnet(settings const& s) {
  return network_rows<zoo::AlexNet<>>("AlexNet", {{"infer", 64}, {"train", 64}}, s);
}
