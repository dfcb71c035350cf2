// MaxPool, AvgPool and GlobalAvgPool.
#pragma once

#include <laminate/describe/word.hpp>
#include <laminate/layers/options.hpp>

namespace laminate {

constexpr shape pooled(facts const& f, shape in) {
  return {in.channels, f.how.output(in.height), f.how.output(in.width)};
}

// PyTorch's rule too: padding of more than half the kernel would make windows that see nothing.
template<int K, class... Options> constexpr facts pool_facts(role acts_as) {
  facts f{.acts_as = acts_as, .output = pooled, .refuses = wants_a_fitting_image};
  f.how.kernel = K;
  f.how.stride = K;
  f = with_options<Options...>(f, 1 | 2);
  if (f.misuse == problem::none && 2 * f.how.padding > K)
    f.misuse = problem::padding_of_a_pool_is_more_than_half_its_kernel;
  return f;
}

/// The largest value of each K×K window, as torch.nn.MaxPool2d. Options: Stride (K), Padding (0, counts as −∞).
/// Backward: the gradient goes to the first maximum of the window in row-major order.
template<int K, class... Options> struct MaxPool : word {
  static constexpr facts about = pool_facts<K, Options...>(role::max_pool);
};

/// The mean of each K×K window, as torch.nn.AvgPool2d. Options: Stride (K), Padding (0; its zeros count in the mean).
template<int K, class... Options> struct AvgPool : word {
  static constexpr facts about = pool_facts<K, Options...>(role::average_pool);
};

/// Image (C, H, W) → features (C): the mean of each channel.
struct GlobalAvgPool : word {
  static constexpr facts about{.acts_as = role::global_average_pool,
                               .output = [](facts const&, shape in) { return shape{in.channels}; },
                               .refuses = wants_an_image};
};

}  // namespace laminate
