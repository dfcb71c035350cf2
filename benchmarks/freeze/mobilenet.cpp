// MobileNet at a quarter of its area, 3×112×112.
#include <laminate/layers.hpp>
#include <laminate/zoo.hpp>

#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::freeze_mobilenet(double peak, std::vector<int> const& batches, int threads, int rounds) {
  return freeze_rows<zoo::MobileNet<1000, 100, Image<3, 112, 112>>>("MobileNet", peak, batches, threads, rounds);
}
