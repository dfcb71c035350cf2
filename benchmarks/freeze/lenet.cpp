// LeNet-5.
#include <laminate/layers.hpp>
#include <laminate/zoo.hpp>

#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::freeze_lenet(double peak, std::vector<int> const& batches, int threads, int rounds) {
  return freeze_rows<zoo::LeNet5<>>("LeNet-5", peak, batches, threads, rounds);
}
