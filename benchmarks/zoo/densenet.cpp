// DenseNet-BC-40-12: layers of 12 channels, which are concatenated.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_densenet(settings const& s) {
  return network_rows<zoo::DenseNetBC<40, 12>>("DenseNet-BC-40-12", {{"infer", 1}, {"infer", 64}, {"train", 64}}, s);
}
