// ResNet-20 with projections: for 3×32×32 images, and the lecture's headline, for 1×28×28.
#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_resnet20(settings const& s) {
  auto rows = network_rows<zoo::ResNet<20, 10, 16, zoo::Projected>>(
      "ResNet-20", {{"infer", 1}, {"infer", 64}, {"train", 64}, {"train", 128}}, s);
  using Grey = zoo::ResNet<20, 10, 16, zoo::Projected, Image<1, 28, 28>>;
  for (row const& r : network_rows<Grey>("ResNet-20@28", {{"train", 128}}, s)) rows.push_back(r);
  return rows;
}
