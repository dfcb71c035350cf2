// SqueezeNet for 3×224×224 images.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_squeezenet(settings const& s) {
  return network_rows<zoo::SqueezeNet<>>("SqueezeNet", {{"infer", 1}}, s);
}
