// The second shape in the message that refuses a layer: what would fit, or what the layer would make.
#pragma once

#include <algorithm>
#include <laminate/describe/problem.hpp>
#include <laminate/describe/word.hpp>

namespace laminate {

/// Of layer f for samples of shape `in`; none (all zeros) where there is no other shape to name.
constexpr shape counterpart(problem what, facts const& f, shape in) {
  int const least = std::max(f.how.extent() - 2 * f.how.padding, 1);
  switch (what) {
    case problem::Dense_wants_features_insert_Flatten_or_GlobalAvgPool_before_it: return {in.size()};
    case problem::the_kernel_is_larger_than_its_padded_input:
      return {in.channels, std::max(in.height, least), std::max(in.width, least)};
    case problem::groups_do_not_divide_the_channels: return f.output(f, in);
    default: return {};
  }
}

}  // namespace laminate
