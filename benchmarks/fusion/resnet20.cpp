// ResNet-20 for 3×32×32 images (He et al. 2015), 1×1 projection shortcuts.
#include <laminate/layers.hpp>

#include "../fusion_table.hpp"
#include "networks.hpp"

using namespace laminate;

namespace {
template<int W> using Block = Sequential<Residual<Conv<3, W>, BN, ReLU, Conv<3, W>, BN>, ReLU>;
template<int W>
using Halve =
    Sequential<Residual<Shortcut<Conv<1, W, Stride<2>>, BN>, Conv<3, W, Stride<2>>, BN, ReLU, Conv<3, W>, BN>, ReLU>;
using Net = Network<Image<3, 32, 32>, Conv<3, 16>, BN, ReLU, Repeat<3, Block<16>>, Halve<32>, Repeat<2, Block<32>>,
                    Halve<64>, Repeat<2, Block<64>>, GlobalAvgPool, Dense<10>>;
}  // namespace

std::vector<bench::row> bench::fuse_resnet20(std::string const& name, double peak, std::vector<int> const& batches,
                                             int threads, int rounds) {
  return fusion_rows<Net>(name, peak, batches, threads, rounds);
}
