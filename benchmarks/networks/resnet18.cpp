// ResNet-18 for 3×224×224 images.
#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_resnet18(settings const& s) {
  return network_rows<zoo::ResNet18<>, FusedBy<AutoFor<1>>>("ResNet-18", {{"infer", 1}}, s);
}
