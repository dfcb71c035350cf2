// 784-128-10.
#include <laminate/layers.hpp>

#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::freeze_mlp(double peak, std::vector<int> const& batches, int threads, int rounds) {
  return freeze_rows<Network<Features<784>, Dense<128>, ReLU, Dense<10>>>("MLP", peak, batches, threads, rounds);
}
