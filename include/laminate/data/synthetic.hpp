// Ten kinds of figures drawn at random, an image set for machines without a real one.
#pragma once

#include <laminate/data/dataset.hpp>
#include <laminate/support/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <string_view>
#include <vector>

namespace laminate {

inline constexpr std::array<std::string_view, 10> shape_classes = {"disc", "ring", "square",   "frame", "triangle",
                                                                   "plus", "bar",  "two bars", "angle", "crescent"};

namespace detail {

/// Distance to a rectangle around the origin, negative inside (the larger one of the two axes' distances).
inline double to_box(double x, double y, double width, double height) {
  return std::max(std::abs(x) - width, std::abs(y) - height);
}

/// Distance from (x, y) to a figure of about unit size, negative inside.
inline double to_figure(int label, double x, double y) {
  double const radius = std::sqrt(x * x + y * y);
  switch (label) {
    case 0: return radius - 0.9;
    case 1: return std::abs(radius - 0.75) - 0.2;
    case 2: return to_box(x, y, 0.78, 0.78);
    case 3: return std::abs(to_box(x, y, 0.68, 0.68)) - 0.17;
    case 4: return std::max(-y, 0.5 * y + std::numbers::sqrt3 / 2 * std::abs(x)) - 0.5;
    case 5: return std::min(to_box(x, y, 1, 0.22), to_box(x, y, 0.22, 1));
    case 6: return to_box(x, y, 1, 0.24);
    case 7: return to_box(x, std::abs(y) - 0.55, 0.9, 0.22);
    case 8: return std::min(to_box(x + 0.6, y, 0.2, 0.8), to_box(x, y + 0.6, 0.8, 0.2));
    default: return std::max(radius - 0.95, 0.75 - std::sqrt((x - 0.55) * (x - 0.55) + y * y));
  }
}

/// A figure's place on the canvas in pixels, its turn, and how it stands out.
struct figure {
  int label;
  double column, row, radius, stretch, cosine, sine, contrast;

  figure(int kind, double reach, double smallest, double largest, generator& random) : label(kind) {
    column = 13.5 + random.uniform(-reach, reach);
    row = 13.5 + random.uniform(-reach, reach);
    radius = random.uniform(smallest, largest);
    stretch = random.uniform(0.85, 1.15);
    double const angle = random.uniform(0, 2 * std::numbers::pi);
    cosine = std::cos(angle);
    sine = std::sin(angle);
    contrast = random.uniform(0.25, 0.65);
  }

  /// What the figure adds to a pixel; its edge is one pixel wide.
  double at(int x, int y) const {
    double const right = (x - column) / radius, down = (y - row) / radius;
    double const along = (right * cosine + down * sine) * stretch;
    double const across = (down * cosine - right * sine) / stretch;
    return contrast * std::clamp(0.5 - radius * to_figure(label, along, across), 0.0, 1.0);
  }
};

/// Mean 0, deviation 1, nearly normal: the sum of four 16-bit numbers, so one draw and exact everywhere.
inline double draw_noise(generator& random) {
  std::uint64_t const bits = random();
  std::uint64_t const sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
  return (static_cast<double>(sum) - 131070) / 37837.2;
}

/// One 28×28 image: a figure, a smaller bar to distract, light that falls off to one side, and noise.
inline void draw_figure(int label, generator random, std::span<float> image) {
  figure const shown(label, 4, 5.5, 9.5, random);
  figure const distraction(6, 12, 2, 3.5, random);
  double const grey = random.uniform(0.05, 0.3), slope_x = random.uniform(-0.1, 0.1);
  double const slope_y = random.uniform(-0.1, 0.1), noise = random.uniform(0.03, 0.12);
  for (int y = 0; y < 28; ++y)
    for (int x = 0; x < 28; ++x) {
      double const light = grey + slope_x * (x - 13.5) / 14 + slope_y * (y - 13.5) / 14;
      double const value = light + shown.at(x, y) + distraction.at(x, y) + noise * draw_noise(random);
      // Rounding to the 256 greys of a real file hides the last bits, in which compilers and libraries
      // differ.
      image[static_cast<std::size_t>(y * 28 + x)] =
          static_cast<float>(std::floor(std::clamp(value, 0.0, 1.0) * 255 + 0.5)) / 255.0f;
    }
}

inline dataset generate_figures(int count, std::uint64_t seed) {
  std::size_t const samples = static_cast<std::size_t>(std::max(count, 0));
  dataset data{{1, 28, 28}, 10, std::vector<float>(samples * 784), std::vector<int>(samples)};
  for (int i = 0; i < data.size(); ++i) {
    data.labels[static_cast<std::size_t>(i)] = i % 10;
    draw_figure(i % 10, generator(hash_of(seed, static_cast<std::uint64_t>(i))), data.image(i));
  }
  return data;
}

}  // namespace detail

/// 1×28×28 images of 10 classes (`shape_classes`) with values 0..1: figures of random position, size, turn,
/// stretch and contrast with noise and distraction. Classes take turns, so every set is balanced; image i of
/// a set depends on the seed and i alone, whatever the counts.
inline split generate_shapes(int train_count, int test_count, std::uint64_t seed) {
  return {detail::generate_figures(train_count, hash_of(seed, 0)),
          detail::generate_figures(test_count, hash_of(seed, 1))};
}

}  // namespace laminate
