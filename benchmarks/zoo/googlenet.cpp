// GoogLeNet for 3×224×224 images: convolutions of four sizes, concatenated.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_googlenet(settings const& s) {
  return network_rows<zoo::GoogLeNet<>>("GoogLeNet", {{"infer", 1}}, s);
}
