// Flatten: an image as a list of features.
#pragma once

#include <laminate/describe/word.hpp>

namespace laminate {

/// Image (C, H, W) → features (C·H·W) in that order, as torch.nn.Flatten.
struct Flatten : word {
  static constexpr facts about{.acts_as = role::flatten,
                               .output = [](facts const&, shape in) { return shape{in.size()}; },
                               .refuses = wants_an_image};
};

}  // namespace laminate
