// Upsample<F>: every pixel becomes F×F.
#pragma once

#include <laminate/describe/word.hpp>
#include <laminate/layers/options.hpp>

namespace laminate {

/// The option of Upsample that mixes the pixels around.
struct Bilinear {
  static constexpr int bit = 32;
  static constexpr void set(facts& f) { f.how.kernel = 2; }
};

/// Image (C, H, W) → (C, F·H, F·W), as torch.nn.Upsample(scale_factor=F): each pixel F×F times, its default "nearest".
/// With the option Bilinear, as mode="bilinear" with align_corners=False: output i of an axis lies at
/// (i + 1/2)/F − 1/2 of the input's, 0 at least, and mixes the two pixels around by their distances; beyond the last
/// pixel there is that one. In the facts F is the window's stride, and its kernel the pixels mixed along an axis.
template<int F, class... Options> struct Upsample : word {
  static constexpr facts about = [] {
    facts f{
        .acts_as = role::upsample,
        .output =
            [](facts const& self, shape in) {
              double const factor = self.how.stride;
              return shape{in.channels, at_most_too_large(factor * in.height), at_most_too_large(factor * in.width)};
            },
        .refuses = wants_an_image};
    f.how.stride = F;
    return with_options<Options...>(f, Bilinear::bit);
  }();
};

}  // namespace laminate
