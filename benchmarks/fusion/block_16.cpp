// Two residual blocks of 16 channels at 32×32.
#include <laminate/layers.hpp>

#include "../fusion_table.hpp"
#include "networks.hpp"

using namespace laminate;

namespace {
using Net = Network<Image<16, 32, 32>, Repeat<2, Residual<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN>, ReLU>>;
}

std::vector<bench::row> bench::fuse_block_16(std::string const& name, double peak, std::vector<int> const& batches,
                                             int threads, int rounds) {
  return fusion_rows<Net>(name, peak, batches, threads, rounds);
}
