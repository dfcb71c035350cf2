// LeNet-5 for 1×28×28 images.
#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_lenet(settings const& s) {
  return network_rows<zoo::LeNet5<>>("LeNet-5", {{"infer", 1}, {"infer", 64}, {"train", 64}}, s);
}
