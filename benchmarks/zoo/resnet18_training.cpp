// ResNet-18 for 3×224×224 images, in training.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_resnet18_training(settings const& s) {
  return network_rows<zoo::ResNet18<>>("ResNet-18", {{"train", 8}}, s);
}
