// How many threads a step is worth.
#pragma once

#include <laminate/kernels/piece.hpp>

namespace laminate::kernels {

/// A step on features gains from a second thread above this: what one thread has written the other fetches from its
/// cache, and a dense layer does little with each of its numbers.
inline constexpr double work_of_threads = 3 * work_of_a_piece;

/// As many threads as a step on features is worth.
constexpr int threads_worth(signature const& s, int batch, int threads) {
  bool const dense = is_dense(s.does);
  if (!dense && !(s.does == work::nothing && s.strip.is_features())) return threads;
  constexpr double instructions_of_a_program = 16;  // about
  double const of_a_sample = dense ? static_cast<double>(padded(s.sizes.in.channels)) * blocks_of(s.sizes.out.channels)
                                   : instructions_of_a_program * blocks_of(s.strip.channels);
  return of_a_sample * batch < work_of_threads ? 1 : threads;
}

}  // namespace laminate::kernels
