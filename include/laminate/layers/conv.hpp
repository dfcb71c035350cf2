// Conv<K, Filters, Options...>: a two-dimensional convolution.
#pragma once

#include <laminate/describe/word.hpp>
#include <laminate/layers/options.hpp>

namespace laminate {

constexpr shape filtered(facts const& f, shape in) {
  return {f.count, f.how.output(in.height), f.how.output(in.width)};
}

constexpr problem refuses_to_filter(facts const& f, shape in) {
  if (problem const p = wants_a_fitting_image(f, in); p != problem::none) return p;
  bool const divided = in.channels % f.how.groups == 0 && f.count % f.how.groups == 0;
  return divided ? problem::none : problem::groups_do_not_divide_the_channels;
}

/// K×K filters over an image (C, H, W) → (Filters, H′, W′), as torch.nn.Conv2d:
///   z(k, i, j) = b(k) + Σ w(k, c, r, s) · x(c, i·stride + r·dilation − padding, j·stride + s·dilation − padding).
/// Options: Stride (1), Padding (extent/2, so that odd kernels at stride 1 keep the size; even ones (extent−1)/2 at
/// stride 1), Dilation (1), Groups (1), Bias (true, unless BN follows).
template<int K, int Filters, class... Options> struct Conv : word {
  static constexpr facts about = [] {
    facts f{.acts_as = role::convolution, .output = filtered, .refuses = refuses_to_filter};
    f.how.kernel = K;
    f.count = Filters;
    f = with_options<Options...>(f, 1 | 2 | 4 | 8 | 16);
    if (!f.padding_given) f.how.padding = f.how.stride == 1 ? (f.how.extent() - 1) / 2 : f.how.extent() / 2;
    if (Filters < 1) f.misuse = problem::a_size_must_be_at_least_one;
    return f;
  }();
};

}  // namespace laminate
