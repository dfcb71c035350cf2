// A depthwise separable convolution.
#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_mobilenet(settings const& s) {
  return network_rows<Network<Image<64, 28, 28>, zoo::Separable<64, 128>, GlobalAvgPool, Dense<10>>>(
      "MobileNet block", {{"infer", 1}, {"train", 64}}, s);
}
