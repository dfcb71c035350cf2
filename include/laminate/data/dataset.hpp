// Labelled samples in memory, and their split into a training and a test set.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// N samples of one shape: `images` is (N, C, H, W) row-major, or (N, C) for features; labels count from 0.
struct dataset {
  shape sample;
  int classes = 0;
  std::vector<float> images;
  std::vector<int> labels;

  int size() const { return static_cast<int>(labels.size()); }

  std::span<float const> image(int i) const { return {images.data() + offset(i), stride()}; }
  std::span<float> image(int i) { return {images.data() + offset(i), stride()}; }

  /// A copy of the first `count` samples, or of all when there are fewer.
  dataset first(int count) const {
    auto const kept = std::clamp(count, 0, size());
    auto const images_end = images.begin() + static_cast<std::ptrdiff_t>(offset(kept));
    return {sample, classes, {images.begin(), images_end}, {labels.begin(), labels.begin() + kept}};
  }

  /// Throws `error` unless the sizes agree and every label is one of the classes.
  void check() const {
    if (sample.size() < 1) throw error("data set", "expected a sample of at least one number, found none");
    if (labels.size() > INT32_MAX) throw error("data set", "expected fewer than 2^31 samples");
    if (images.size() != labels.size() * stride())
      throw error("data set", "expected " + std::to_string(labels.size()) + " labels × " + std::to_string(stride()) +
                                  " numbers a sample, found " + std::to_string(images.size()) + " numbers");
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] < 0 || labels[i] >= classes)
        throw error("data set", "expected labels of 0.." + std::to_string(classes - 1) + ", found " +
                                    std::to_string(labels[i]) + " at sample " + std::to_string(i));
  }

 private:
  std::size_t stride() const { return static_cast<std::size_t>(sample.size()); }
  std::size_t offset(int i) const { return static_cast<std::size_t>(i) * stride(); }
};

/// What a network learns from, and what it is judged by.
struct split {
  dataset train;
  dataset test;
};

}  // namespace laminate
