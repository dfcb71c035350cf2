// Random crops of the padded image and random mirror images, a function of (seed, epoch, sample) alone.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/random.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace laminate {

/// What may happen to an image before it is learned from. `fill` is what lies outside of it: 0 is black
/// before scaling, and the mean after it.
struct augmentation {
  int padding = 0;
  bool flip = false;
  float fill = 0;

  bool changes_images() const { return padding != 0 || flip; }

  /// Throws `error` where the sample is no image, or the padding could leave nothing of it.
  void check(shape sample) const {
    if (!changes_images()) return;
    if (!sample.is_image()) throw error("augmentation", "expected images, found features");
    int const most = std::min(sample.height, sample.width) - 1;
    if (padding < 0 || padding > most)
      throw error("augmentation",
                  "expected a padding of 0.." + std::to_string(most) + ", found " + std::to_string(padding));
  }
};

/// Where the crop begins (negative: in the padding above or left of the image), and if it is mirrored.
struct placement {
  int top = 0;
  int left = 0;
  bool flipped = false;

  bool operator==(placement const&) const = default;
};

/// What befalls the sample in this epoch, whichever batch or thread it ends up in: all (2·padding + 1)² crops
/// and both directions are equally likely.
inline placement draw_placement(augmentation const& how, std::uint64_t seed, int epoch, int sample) {
  generator random(hash_of(hash_of(seed, static_cast<std::uint64_t>(epoch)), static_cast<std::uint64_t>(sample)));
  std::uint32_t const offsets = 2 * static_cast<std::uint32_t>(how.padding) + 1;
  placement drawn;
  drawn.top = static_cast<int>(random.below(offsets)) - how.padding;
  drawn.left = static_cast<int>(random.below(offsets)) - how.padding;
  drawn.flipped = how.flip && random.below(2) == 1;
  return drawn;
}

/// Both are (channels, height, width) and do not overlap: to(c, y, x) = from(c, y + top, x + left), and then
/// each row is reversed if flipped.
inline void crop_and_flip(placement const& where, float fill, shape sample, std::span<float const> from,
                          std::span<float> to) {
  int const height = sample.height, width = sample.width;
  int const begin = std::clamp(-where.left, 0, width), end = std::clamp(width - where.left, begin, width);
  for (int c = 0; c < sample.channels; ++c)
    for (int y = 0; y < height; ++y) {
      auto const row = to.begin() + static_cast<std::ptrdiff_t>(c * height + y) * width;
      int const source = y + where.top;
      bool const inside = source >= 0 && source < height && begin < end;
      std::fill(row, row + (inside ? begin : width), fill);
      if (!inside) continue;
      auto const line = from.begin() + static_cast<std::ptrdiff_t>(c * height + source) * width;
      std::copy(line + (begin + where.left), line + (end + where.left), row + begin);
      std::fill(row + end, row + width, fill);
      if (where.flipped) std::reverse(row, row + width);
    }
}

/// One sample, augmented: the two above in a row.
inline void augment(augmentation const& how, std::uint64_t seed, int epoch, int index, shape sample,
                    std::span<float const> from, std::span<float> to) {
  crop_and_flip(draw_placement(how, seed, epoch, index), how.fill, sample, from, to);
}

}  // namespace laminate
