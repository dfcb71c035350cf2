// Dense<N, Options...>: a fully connected layer.
#pragma once

#include <laminate/describe/word.hpp>
#include <laminate/layers/options.hpp>

namespace laminate {

constexpr problem wants_features(facts const&, shape in) {
  return in.is_features() ? problem::none : problem::Dense_wants_features_insert_Flatten_or_GlobalAvgPool_before_it;
}

/// Features (F) → (N), as torch.nn.Linear: z(n) = b(n) + Σ w(n, f) · x(f). Option: Bias (true, unless BN follows).
template<int N, class... Options> struct Dense : word {
  static constexpr facts about = [] {
    facts f{.acts_as = role::dense,
            .output = [](facts const& self, shape) { return shape{self.count}; },
            .refuses = wants_features};
    f.count = N;
    f = with_options<Options...>(f, 16);
    if (N < 1) f.misuse = problem::a_size_must_be_at_least_one;
    return f;
  }();
};

}  // namespace laminate
