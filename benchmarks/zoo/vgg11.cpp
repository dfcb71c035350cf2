// VGG-11 for 3×32×32 images: its weights outweigh a sample, which takes the direct algorithm where it comes alone.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_vgg11(settings const& s) {
  char const* const name = "VGG-11";
  std::vector<row> rows = network_rows<zoo::VGG11<>, FusedBy<AutoFor<1>>>(name, {{"infer", 1}}, s);
  for (row& r : network_rows<zoo::VGG11<>>(name, {{"infer", 64}, {"train", 64}}, s)) rows.push_back(std::move(r));
  return rows;
}
