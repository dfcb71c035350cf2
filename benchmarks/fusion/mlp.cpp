// MLP 784-128-10.
#include <laminate/layers.hpp>

#include "../fusion_table.hpp"
#include "networks.hpp"

using namespace laminate;

namespace {
using Net = Network<Features<784>, Dense<128>, ReLU, Dense<10>>;
}

std::vector<bench::row> bench::fuse_mlp(std::string const& name, double peak, std::vector<int> const& batches,
                                        int threads, int rounds) {
  return fusion_rows<Net>(name, peak, batches, threads, rounds);
}
