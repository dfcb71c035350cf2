// The shape of one sample as it flows between layers: an image (channels, height, width) or a list of features.
#pragma once

namespace laminate {

/// An image has height and width of at least 1; features have neither (both are 0). The batch is not part of a shape.
struct shape {
  int channels = 0;
  int height = 0;
  int width = 0;

  constexpr bool is_features() const { return height == 0 && width == 0; }
  constexpr bool is_image() const { return !is_features(); }

  /// Positions per channel: height · width, and 1 for features.
  constexpr int pixels() const { return is_features() ? 1 : height * width; }
  constexpr int size() const { return channels * pixels(); }

  bool operator==(shape const&) const = default;
};

}  // namespace laminate
