// How many threads a step is worth.
#pragma once

#include <laminate/kernels/piece.hpp>

namespace laminate::kernels {

/// Vector operations of a step on features above which it gains from a second thread: what one thread has written the
/// other fetches from its cache, and a dense layer does little with each of its numbers.
inline constexpr double work_of_threads = 600'000;

/// As many threads as a step on features is worth, of all `threads`; on a processor of as many vectors per block.
constexpr int threads_worth(fusion::signature const& s, int vectors_per_block, int batch, int threads) {
  bool const dense = is_dense(s.does);
  if (!dense && !(s.does == fusion::work::nothing && s.strip.is_features())) return threads;
  constexpr double instructions_of_a_program = 16;  // about
  double const of_a_sample = dense ? static_cast<double>(padded(s.sizes.in.channels)) * blocks_of(s.sizes.out.channels)
                                   : instructions_of_a_program * blocks_of(s.strip.channels);
  return of_a_sample * vectors_per_block * batch < work_of_threads ? 1 : threads;
}

}  // namespace laminate::kernels
