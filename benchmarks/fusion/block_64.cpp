// Two residual blocks of 64 channels at 28×28.
#include <laminate/layers.hpp>

#include "../fusion_table.hpp"
#include "networks.hpp"

using namespace laminate;

namespace {
using Net = Network<Image<64, 28, 28>, Repeat<2, Residual<Conv<3, 64>, BN, ReLU, Conv<3, 64>, BN>, ReLU>>;
}

std::vector<bench::row> bench::fuse_block_64(std::string const& name, double peak, std::vector<int> const& batches,
                                             int threads, int rounds) {
  return fusion_rows<Net>(name, peak, batches, threads, rounds);
}
