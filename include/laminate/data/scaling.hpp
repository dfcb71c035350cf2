// Feature scaling: every channel or feature gets mean 0 and deviation 1, measured on the training set.
#pragma once

#include <laminate/data/dataset.hpp>
#include <laminate/describe/shape.hpp>
#include <laminate/support/error.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// x ← (x − mean) / scale, with one mean and one scale for each channel; the scale is the standard deviation,
/// or 1 for a channel that is constant. Test data is scaled by the numbers of the training set: `auto const
/// scaling = standardise(data.train); scaling.apply(data.train); scaling.apply(data.test);`
struct standardisation {
  std::vector<float> mean;
  std::vector<float> scale;

  /// `images` is any number of samples, (N, C, H, W) or (N, C).
  void apply(std::span<float> images, shape sample) const {
    if (mean.size() != static_cast<std::size_t>(sample.channels) || scale.size() != mean.size())
      throw error("scaling", "expected samples of " + std::to_string(mean.size()) + " channels, found " +
                                 std::to_string(sample.channels));
    std::size_t const pixels = static_cast<std::size_t>(sample.pixels()), numbers = mean.size() * pixels;
    if (numbers == 0 || images.size() % numbers != 0)
      throw error("scaling", "expected whole samples of " + std::to_string(numbers) + " numbers, found " +
                                 std::to_string(images.size()) + " numbers");
    std::size_t channel = 0;
    for (std::size_t begin = 0; begin + pixels <= images.size(); begin += pixels) {
      for (float& value : images.subspan(begin, pixels)) value = (value - mean[channel]) / scale[channel];
      channel = channel + 1 == mean.size() ? 0 : channel + 1;
    }
  }
  void apply(dataset& data) const { apply({data.images.data(), data.images.size()}, data.sample); }
};

namespace detail {

/// Calls `use` with the channel and the value of every number, in the order of the memory.
template<class Use> void for_each_number(dataset const& data, Use use) {
  std::size_t const pixels = static_cast<std::size_t>(data.sample.pixels());
  std::size_t const channels = static_cast<std::size_t>(data.sample.channels);
  float const* value = data.images.data();
  for (int i = 0; i < data.size(); ++i)
    for (std::size_t channel = 0; channel < channels; ++channel)
      for (std::size_t pixel = 0; pixel < pixels; ++pixel) use(channel, *value++);
}

}  // namespace detail

/// Measures mean and deviation of each channel in two passes, in double; changes nothing. Throws `error` for
/// an empty set and for numbers that are not finite.
inline standardisation standardise(dataset const& train) {
  train.check();
  if (train.size() == 0) throw error("scaling", "expected at least one sample, found none");
  std::size_t const channels = static_cast<std::size_t>(train.sample.channels);
  double const count = static_cast<double>(train.size()) * train.sample.pixels();
  std::vector<double> mean(channels), squares(channels);
  detail::for_each_number(train, [&](std::size_t channel, float value) { mean[channel] += value; });
  for (double& sum : mean) sum /= count;
  // Asking for σ = 0 would miss constant channels whose mean is rounded.
  std::vector<bool> varies(channels);
  std::size_t const pixels = static_cast<std::size_t>(train.sample.pixels());
  detail::for_each_number(train, [&](std::size_t channel, float value) {
    squares[channel] += (value - mean[channel]) * (value - mean[channel]);
    if (value != train.images[channel * pixels]) varies[channel] = true;
  });
  standardisation measured;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    if (!std::isfinite(mean[channel]))
      throw error("scaling", "expected finite numbers, found others in channel " + std::to_string(channel));
    float const deviation = static_cast<float>(std::sqrt(squares[channel] / count));
    measured.mean.push_back(static_cast<float>(mean[channel]));
    measured.scale.push_back(varies[channel] && deviation > 0 ? deviation : 1.0f);
  }
  return measured;
}

}  // namespace laminate
