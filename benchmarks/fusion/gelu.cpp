// Convolutions with a dear activation, 16 channels at 28×28.
#include <laminate/layers.hpp>

#include "../fusion_table.hpp"
#include "networks.hpp"

using namespace laminate;

namespace {
using Net = Network<Image<16, 28, 28>, Repeat<3, Conv<3, 16>, BN, GELU>>;
}

std::vector<bench::row> bench::fuse_gelu(std::string const& name, double peak, std::vector<int> const& batches,
                                         int threads, int rounds) {
  return fusion_rows<Net>(name, peak, batches, threads, rounds);
}
