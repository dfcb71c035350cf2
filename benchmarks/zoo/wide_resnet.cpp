// WRN-16-4 for 3×32×32 images.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_wide_resnet(settings const& s) {
  return network_rows<zoo::WideResNet<16, 4>>("WRN-16-4", {{"infer", 1}, {"infer", 64}, {"train", 64}}, s);
}
