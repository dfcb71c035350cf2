// ConvTranspose<K, Filters, Options...>: a transposed convolution.
#pragma once

#include <algorithm>
#include <laminate/describe/word.hpp>
#include <laminate/layers/options.hpp>

namespace laminate {

constexpr problem refuses_to_filter_transposed(facts const& f, shape in) {
  if (!in.is_image()) return problem::this_layer_wants_an_image_but_gets_features;
  if (f.how.transposed_output(in.height) < 1 || f.how.transposed_output(in.width) < 1)
    return problem::padding_of_a_ConvTranspose_leaves_nothing;
  bool const divided = in.channels % f.how.groups == 0 && f.count % f.how.groups == 0;
  return divided ? problem::none : problem::groups_do_not_divide_the_channels;
}

/// K×K filters that every pixel of an image (C, H, W) adds to (Filters, H′, W′), as torch.nn.ConvTranspose2d without
/// output padding: what the gradient of a Conv is, seen from its output to its input.
///   z(k, i·stride + r·dilation − padding, j·stride + s·dilation − padding) += w(c, k, r, s) · x(c, i, j), and b(k);
///   H′ = (H − 1)·stride − 2·padding + (K − 1)·dilation + 1.
/// Options: Stride (1), Padding ((extent − stride)/2, so that H′ = stride·H where that is even), Dilation (1),
/// Groups (1), Bias (true, unless BN follows). Its weight is (C, Filters/groups, K, K).
template<int K, int Filters, class... Options> struct ConvTranspose : word {
  static constexpr facts about = [] {
    facts f{.acts_as = role::transposed_convolution,
            .output =
                [](facts const& self, shape in) {
                  return shape{self.count, at_most_too_large(self.how.transposed_output(in.height)),
                               at_most_too_large(self.how.transposed_output(in.width))};
                },
            .refuses = refuses_to_filter_transposed};
    f.how.kernel = K;
    f.count = Filters;
    f = with_options<Options...>(f, 1 | 2 | 4 | 8 | 16);
    if (!f.padding_given) f.how.padding = std::max(0, (f.how.extent() - f.how.stride) / 2);
    if (Filters < 1) f.misuse = problem::a_size_must_be_at_least_one;
    return f;
  }();
};

}  // namespace laminate
