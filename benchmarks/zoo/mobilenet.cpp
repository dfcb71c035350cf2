// MobileNet for 3×224×224 images, and its second version, whose dropout keeps it from being compared in training.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_mobilenets(settings const& s) {
  std::vector<row> rows = network_rows<zoo::MobileNet<>>("MobileNet", {{"infer", 1}, {"train", 8}}, s);
  for (row& r : network_rows<zoo::MobileNetV2<>>("MobileNetV2", {{"infer", 1}}, s)) rows.push_back(std::move(r));
  return rows;
}
