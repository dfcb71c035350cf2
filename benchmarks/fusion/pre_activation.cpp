// Two pre-activation blocks (He et al. 2016) of 32 channels at 16×16.
#include <laminate/layers.hpp>

#include "../fusion_table.hpp"
#include "networks.hpp"

using namespace laminate;

namespace {
using Net = Network<Image<32, 16, 16>, Repeat<2, Residual<BN, ReLU, Conv<3, 32>, BN, ReLU, Conv<3, 32>>>>;
}

std::vector<bench::row> bench::fuse_pre_activation(std::string const& name, double peak,
                                                   std::vector<int> const& batches, int threads, int rounds) {
  return fusion_rows<Net>(name, peak, batches, threads, rounds);
}
