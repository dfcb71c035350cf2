// What the laws of Winograd's algorithms share: networks of one convolution, and whether all of a network is by tiles.
#pragma once

#include "comparison.hpp"

namespace laws {

using namespace laminate;

template<int Channels, int Height, int Width, int Filters, int Pad, int Kernel = 3>
using alone = Network<Image<Channels, Height, Width>, Conv<Kernel, Filters, Padding<Pad>>>;

/// Whether every convolution, in each direction, is computed by tiles of M×M outputs, or the largest for its kernel.
template<class Net, int M>
constexpr bool is_tiled = [] {
  int found = 0, convolutions = 0;
  auto const fits = [](algorithm a, window const& how) {
    return a != algorithm::direct &&
           filtering_of(a, how).outputs == std::min(M, (largest_tile + 1 - how.kernel) / 2 * 2);
  };
  for (fusion::step const& s : memory::planning<Net, FusedBy<Winograd<M>>, pass::training>::plan.steps) {
    fusion::signature const& code = s.code;
    bool const back = code.does == fusion::work::convolve_back;
    if (code.does != fusion::work::convolve && !back) continue;
    ++convolutions;
    found += fits(code.by, code.sizes.how) && (!back || fits(code.weight_gradient, code.sizes.how));
  }
  return found == convolutions && found > 0;
}();

}  // namespace laws
