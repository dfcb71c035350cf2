// An image into a network's input: the shorter side resized, the middle kept.
#pragma once

#include <laminate/data/image/decoded_image.hpp>
#include <laminate/describe/shape.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

namespace detail {

/// The pixels that make one new pixel, and their shares.
struct resized_pixel {
  int first = 0;
  std::vector<float> shares;
};

/// New pixels `begin` and on, `count` of them, of a line that goes from `from` pixels to `to`: a triangle over the
/// neighbours, as wide as two old pixels or, where the line gets shorter, two new ones, which is what keeps fine
/// patterns from becoming coarse ones.
inline std::vector<resized_pixel> resized_line(int from, std::int64_t to, std::int64_t begin, int count) {
  double const scale = static_cast<double>(from) / static_cast<double>(to), reach = std::max(scale, 1.0);
  std::vector<resized_pixel> line(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < line.size(); ++i) {
    double const middle = (static_cast<double>(begin) + static_cast<double>(i) + 0.5) * scale;
    int const first = std::max(static_cast<int>(middle - reach + 0.5), 0);
    int const last = std::min(static_cast<int>(middle + reach + 0.5), from);
    double sum = 0;
    std::vector<double> shares;
    for (int x = first; x < last; ++x) {
      shares.push_back(std::max(0.0, 1 - std::abs((x + 0.5 - middle) / reach)));
      sum += shares.back();
    }
    line[i].first = first;
    for (double const share : shares) line[i].shares.push_back(static_cast<float>(share / sum));
  }
  return line;
}

/// What the network asks for: grey from colours by their luminance (ITU-R 601, rounded as PIL's "L"), and back.
inline decoded_image with_channels(decoded_image image, int channels) {
  if (image.channels == channels) return image;
  decoded_image changed{image.width, image.height, channels, {}};
  changed.bytes.reserve(image.bytes.size() / static_cast<std::size_t>(image.channels) *
                        static_cast<std::size_t>(channels));
  if (channels == 3)
    for (unsigned char const grey : image.bytes) changed.bytes.insert(changed.bytes.end(), 3, grey);
  else
    for (auto at = image.bytes.begin(); at != image.bytes.end(); at += 3)
      changed.bytes.push_back(
          static_cast<unsigned char>((at[0] * 19595 + at[1] * 38470 + at[2] * 7471 + 0x8000) >> 16));
  return changed;
}

inline void resize_into(decoded_image const& image, shape sample, std::vector<resized_pixel> const& columns,
                        std::vector<resized_pixel> const& rows, std::span<float> to) {
  int const top = rows.front().first;
  int const bottom = rows.back().first + static_cast<int>(rows.back().shares.size());
  std::size_t const width = columns.size(), height = rows.size();
  for (int c = 0; c < sample.channels; ++c) {
    std::vector<float> narrow;  // (old rows, new columns)
    for (int y = top; y < bottom; ++y)
      for (auto const& column : columns) {
        unsigned char const* from = image.row(y) + column.first * image.channels + c;
        float sum = 0;
        for (float const share : column.shares) sum += share * *from, from += image.channels;
        narrow.push_back(sum / 255);
      }
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x) {
        float const* from = narrow.data() + static_cast<std::size_t>(rows[y].first - top) * width + x;
        float sum = 0;
        for (float const share : rows[y].shares) sum += share * *from, from += width;
        to[(static_cast<std::size_t>(c) * height + y) * width + x] = sum;
      }
  }
}

}  // namespace detail

/// (C, H, W) with values 0..1: the image resized until it just covers H×W, and the middle of it; torchvision's
/// Resize(S), CenterCrop(S), ToTensor() where H = W = S. Bilinear and antialiased, as PIL does it, but not rounded to
/// bytes. Throws `error` unless the sample is an image of one or three channels.
inline std::vector<float> fit_image(decoded_image image, shape sample) {
  if (!sample.is_image() || (sample.channels != 1 && sample.channels != 3))
    throw error("images", "expected a network for images of 1 or 3 channels, found one for " +
                              std::to_string(sample.channels) + " × " + std::to_string(sample.height) + " × " +
                              std::to_string(sample.width));
  image = detail::with_channels(std::move(image), sample.channels);
  std::int64_t const w = image.width, h = image.height;
  bool const by_width = sample.width * h >= sample.height * w;
  std::int64_t const width = by_width ? sample.width : std::max<std::int64_t>(sample.width, sample.height * w / h);
  std::int64_t const height = by_width ? std::max<std::int64_t>(sample.height, sample.width * h / w) : sample.height;
  auto const middle = [](std::int64_t all, int kept) {
    return static_cast<std::int64_t>(std::nearbyint(static_cast<double>(all - kept) / 2));
  };
  auto const columns = detail::resized_line(image.width, width, middle(width, sample.width), sample.width);
  auto const rows = detail::resized_line(image.height, height, middle(height, sample.height), sample.height);
  std::vector<float> numbers(static_cast<std::size_t>(sample.size()));
  detail::resize_into(image, sample, columns, rows, numbers);
  return numbers;
}

}  // namespace laminate
