// MobileNet for 3×224×224 images.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_mobilenet_v1(settings const& s) {
  return network_rows<zoo::MobileNet<>>("MobileNet", {{"infer", 1}, {"train", 8}}, s);
}
