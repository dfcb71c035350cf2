// How many images go through a network together, one group after the other, so that what they leave between two steps
// stays near.
#pragma once

#include <algorithm>
#include <laminate/describe/algorithm.hpp>

namespace laminate::memory {

/// Bytes of one network's inference.
struct inference_footprint {
  double arena = 0;    ///< of one image
  double moved = 0;    ///< of tensors, by all steps on one image
  double weights = 0;  ///< as kernels read them, once for each group

  constexpr inference_footprint times(double by) const { return {arena * by, moved * by, weights * by}; }
};

/// What a byte's way takes from among so many: none where they are near; once, and up to twice, from a last-level cache
/// the fuller they make it; six times from memory.
constexpr double way_of_a_byte(double bytes) {
  return bytes <= near_bytes ? 0 : bytes <= last_level_bytes ? 1 + bytes / last_level_bytes : 6;
}

/// The number of images, at most 16, for which an image's tensors and its share of the weights have the shortest way.
/// Small images go in groups, since each group reads all weights; large ones go alone. A group takes no more memory
/// than the weights do, or fits into a last-level cache.
constexpr int images_together(inference_footprint const& b) {
  auto const cost = [&](int n) {
    return b.moved * way_of_a_byte(n * b.arena) + b.weights / n * std::max(1.0, way_of_a_byte(b.weights));
  };
  double const most = std::max<double>(last_level_bytes, b.weights);
  int best = 1;
  for (int n : {2, 4, 8, 16})
    if (n * b.arena <= most && cost(n) < cost(best)) best = n;
  return best;
}

}  // namespace laminate::memory
