// MobileNetV2 for 3×224×224 images, whose dropout keeps it from being compared in training.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_mobilenet_v2(settings const& s) {
  return network_rows<zoo::MobileNetV2<>>("MobileNetV2", {{"infer", 1}}, s);
}
