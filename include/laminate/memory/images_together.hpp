// How many images go through a network together, one group after the other, so that what they leave between two steps
// stays near.
#pragma once

#include <algorithm>
#include <laminate/describe/algorithm.hpp>

namespace laminate {

/// Bytes of one network's inference.
struct inference_footprint {
  double arena = 0;    ///< of one image
  double moved = 0;    ///< of tensors, by all steps on one image
  double weights = 0;  ///< as kernels read them, once for each group

  constexpr inference_footprint times(double by) const { return {arena * by, moved * by, weights * by}; }
};

/// What a thread may plan to keep of a level-2 cache. A byte from the last-level cache is reckoned as 1, one from
/// memory as 3.
inline constexpr double near_bytes = 0.75 * level_2_bytes;

/// The number of images, at most 16, for which an image's tensors and its share of the weights move the least. Small
/// images go in groups, since each group reads all weights; large ones go alone.
constexpr int images_together(inference_footprint const& b) {
  auto const price = [](double bytes) { return bytes <= near_bytes ? 0.0 : bytes <= last_level_bytes ? 1.0 : 3.0; };
  auto const cost = [&](int n) {
    return b.moved * price(n * b.arena) + b.weights / n * std::max(1.0, price(b.weights));
  };
  int best = 1;
  for (int n : {2, 4, 8, 16})
    if (cost(n) < cost(best)) best = n;
  return best;
}

}  // namespace laminate
