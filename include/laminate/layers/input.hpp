// Image<C, H, W> and Features<N>: what a network is given.
#pragma once

#include <laminate/describe/word.hpp>

namespace laminate {

constexpr facts input_facts(shape s, bool positive) {
  facts f{.acts_as = role::input,
          .output = [](facts const& self, shape) { return self.given; },
          .refuses = accepts_anything};
  f.given = s;
  if (!positive) f.misuse = problem::a_size_must_be_at_least_one;
  return f;
}

/// Samples of (C, H, W); a batch is (N, C, H, W), row-major.
template<int C, int H, int W> struct Image : word {
  static constexpr facts about = input_facts({C, H, W}, C > 0 && H > 0 && W > 0);
};

/// Samples of N numbers; a batch is (batch, N).
template<int N> struct Features : word { static constexpr facts about = input_facts({N}, N > 0); };

}  // namespace laminate
