// ConvNeXt-T for 3×224×224 images: depthwise 7×7, normalised layers, GELU.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_convnext(settings const& s) {
  return network_rows<zoo::ConvNeXtTiny<>>("ConvNeXt-T", {{"infer", 1}, {"train", 8}}, s);
}
