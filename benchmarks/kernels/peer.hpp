// One convolution as another library computes it.
#pragma once

#include <laminate/describe/algorithm.hpp>

#include <functional>
#include <string>
#include <vector>

namespace bench {

/// What a convolution is computed from, in PyTorch's layouts: x and dz NCHW, w OIHW.
struct convolution_data {
  laminate::sliding g;
  int batch = 0;
  std::vector<float> x{}, w{}, dz{};
};

struct convolution_peer {
  std::string name;
  std::function<void()> compute;               ///< in the layouts that suit the peer best
  std::function<std::vector<float>()> result;  ///< what `compute` has left, NCHW or OIHW
};

/// The peers that can compute this direction on this processor.
std::vector<convolution_peer> convolution_peers(convolution_data const&, laminate::direction);

/// Whether the benchmarks were built with a peer for convolutions.
bool has_convolution_peers();

}  // namespace bench
