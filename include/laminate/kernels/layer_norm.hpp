// Normalisation over the channels of each pixel of one blocked image, or of features, and its gradients. Every size is
// a run-time number.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <laminate/describe/shape.hpp>
#include <laminate/kernels/machine.hpp>

namespace laminate::kernels {

/// The channels of one pixel as vectors, [first, first + lanes) of a block each; those that fill up the last block
/// count as zero.
template<class T, class Arch> struct pixel_channels {
  using V = vector<T, Arch>;
  int channels;
  long block;  ///< scalars from one block of channels to the next

  explicit pixel_channels(shape s) : channels(s.channels), block(static_cast<long>(s.pixels()) * channel_block) {}

  /// Calls at(offset in the tensor, first channel) for each vector.
  template<class At> [[gnu::always_inline]] void for_each(At&& at) const {
    for (int c = 0; c < channels; c += lanes<T, Arch>) at(c / channel_block * block + c % channel_block, c);
  }

  /// Calls at(offset in the tensor) for each vector of the last block without any channel.
  template<class At> [[gnu::always_inline]] void for_each_beyond(At&& at) const {
    int const used = (channels + lanes<T, Arch> - 1) / lanes<T, Arch> * lanes<T, Arch>;
    for (int c = used; c < padded(channels); c += lanes<T, Arch>) at(c / channel_block * block + c % channel_block);
  }

  /// `value` with zero in the lanes that are no channels, whatever was in them.
  [[gnu::always_inline]] V real(V const& value, int first) const {
    if (first + lanes<T, Arch> <= channels) return value;
    alignas(64) static constexpr auto numbers = [] {
      std::array<T, lanes<T, Arch>> all{};
      for (int i = 0; i < lanes<T, Arch>; ++i) all[i] = static_cast<T>(i);
      return all;
    }();
    return xsimd::select(load<T, Arch>(numbers.data()) < V(static_cast<T>(channels - first)), value, V(T(0)));
  }

  /// The mean over channels of value(offset, first channel).
  template<class Value> [[gnu::always_inline]] T mean(Value&& value) const {
    V sum(T(0));
    for_each([&](long at, int c) __attribute__((always_inline)) { sum += real(value(at, c), c); });
    alignas(64) std::array<T, lanes<T, Arch>> parts;
    store<T, Arch>(parts.data(), sum);
    T all(0);
    for (T part : parts) all += part;
    return all / static_cast<T>(channels);
  }
};

template<class T> struct pixel_moments {
  T mean;
  T inverse;  ///< 1/√(variance + ε)
};

/// Of the channels at x. The variance in a second pass, as in the reference: the pixel is in level 1.
template<class T, class Arch>
[[gnu::always_inline]] inline pixel_moments<T> moments_of_pixel(pixel_channels<T, Arch> const& over, T const* x,
                                                                double epsilon) {
  T const mean = over.mean([&](long at, int) __attribute__((always_inline)) { return load<T, Arch>(x + at); });
  T const variance = over.mean([&](long at, int) __attribute__((always_inline)) {
    vector<T, Arch> const away = load<T, Arch>(x + at) - broadcast<T, Arch>(mean);
    return away * away;
  });
  return {mean, static_cast<T>(1 / std::sqrt(static_cast<double>(variance) + epsilon))};
}

/// Calls pixel(offset) for every pixel, and `finish(block, first pixel, count)` after each row of all blocks.
template<class Pixel, class Finish>
[[gnu::always_inline]] inline void for_each_pixel(shape s, Pixel&& pixel, Finish& finish) {
  int const width = std::max(1, s.width), rows = std::max(1, s.height);
  for (int row = 0, p = 0; row < rows; ++row) {
    for (int end = p + width; p < end; ++p) pixel(static_cast<long>(p) * channel_block);
    for (int block = 0; block < blocks_of(s.channels); ++block) finish(block, row * width, width);
  }
}

/// y(c) = scale(c)·(x(c) − μ)/√(σ² + ε) + shift(c) at every pixel.
template<class T, class Arch, class Finish>
void layer_norm(shape s, double epsilon, T const* x, T const* scale, T const* shift, T* y, Finish&& finish) {
  pixel_channels<T, Arch> const over{s};
  for_each_pixel(
      s,
      [&](long pixel) __attribute__((always_inline)) {
        auto const [mean, inverse] = moments_of_pixel<T, Arch>(over, x + pixel, epsilon);
        over.for_each([&, m = broadcast<T, Arch>(mean), by = broadcast<T, Arch>(inverse) ](
            long at, int c) __attribute__((always_inline)) {
          vector<T, Arch> const normal = (load<T, Arch>(x + pixel + at) - m) * by;
          store<T, Arch>(y + pixel + at, multiply_add(normal, load<T, Arch>(scale + c), load<T, Arch>(shift + c)));
        });
      },
      finish);
}

/// dx, and Σ dy and Σ dy·x̂ per channel added to `sums`, two vectors of padded channels; the formulas are those of
/// layers/layer_norm.hpp. The moments are computed again: to keep them would take a tensor of their own.
template<class T, class Arch, class Finish>
void layer_norm_gradient(shape s, double epsilon, T const* x, T const* dy, T const* scale, T* dx, T* sums,
                         Finish&& finish) {
  using V = vector<T, Arch>;
  pixel_channels<T, Arch> const over{s};
  T* const products = sums + padded(s.channels);
  for_each_pixel(
      s,
      [&](long pixel) __attribute__((always_inline)) {
        auto const moments = moments_of_pixel<T, Arch>(over, x + pixel, epsilon);
        V const mean = broadcast<T, Arch>(moments.mean), inverse = broadcast<T, Arch>(moments.inverse);
        auto const normal = [&](long at) __attribute__((always_inline)) {
          return (load<T, Arch>(x + pixel + at) - mean) * inverse;
        };
        auto const g = [&](long at, int c) __attribute__((always_inline)) {
          return load<T, Arch>(dy + pixel + at) * load<T, Arch>(scale + c);
        };
        V const mean_g = broadcast<T, Arch>(over.mean(g));
        V const mean_product = broadcast<T, Arch>(
            over.mean([&](long at, int c) __attribute__((always_inline)) { return g(at, c) * normal(at); }));
        over.for_each([&](long at, int c) __attribute__((always_inline)) {
          V const d = load<T, Arch>(dy + pixel + at), n = normal(at);
          store<T, Arch>(sums + c, load<T, Arch>(sums + c) + d);
          store<T, Arch>(products + c, multiply_add(d, n, load<T, Arch>(products + c)));
          store<T, Arch>(dx + pixel + at, over.real(inverse * (g(at, c) - mean_g - n * mean_product), c));
        });
        over.for_each_beyond([&](long at) __attribute__((always_inline)) { store<T, Arch>(dx + pixel + at, V(T(0))); });
      },
      finish);
}

}  // namespace laminate::kernels
