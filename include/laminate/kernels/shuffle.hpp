// Moving numbers between layouts: flatten, concatenate, caller's planes to blocks and back, weights to OIHW
// and back.
#pragma once

#include <algorithm>
#include <laminate/describe/weights.hpp>
#include <laminate/kernels/transpose.hpp>

namespace laminate::kernels {

/// Index of (channel, pixel) in a blocked image of `pixels` pixels.
constexpr long blocked_index(int channel, long pixel, long pixels) {
  return (channel / channel_block * pixels + pixel) * channel_block + channel % channel_block;
}

/// to = from, where a call of std::copy_n may take longer than a few values do.
template<class T> void copy_values(T const* from, long count, T* to) {
  if (count >= channel_block) return void(std::copy_n(from, count, to));
  for (long i = 0; i < count; ++i) to[i] = from[i];
}

/// Features of one sample after another become rows of whole blocks, `step` apart; what fills up the last is zero.
template<class T> void to_rows(T const* features, int count, T* rows, long step, int samples) {
  for (int n = 0; n < samples; ++n, features += count, rows += step) {
    std::fill_n(rows + padded(count) - channel_block, channel_block, T(0));  // a size that compilers know
    copy_values(features, count, rows);
  }
}

template<class T> void from_rows(T const* rows, long step, T* features, int count, int samples) {
  for (int n = 0; n < samples; ++n, features += count, rows += step) copy_values(rows, count, features);
}

/// A planar image becomes blocked; the channels that fill up the last block become zero.
template<class T> void to_blocked(T const* planar, T* blocked, int channels, int pixels) {
  if (pixels == 1) return to_rows(planar, channels, blocked, 0, 1);
  constexpr int together = 64;  // pixels that stay in level 1
  for (int first = 0; first < channels; first += channel_block) {
    int const real = std::min(channel_block, channels - first);
    T const* const from = planar + static_cast<long>(first) * pixels;
    T* const to = blocked + blocked_index(first, 0, pixels);
    for (int begin = 0; begin < pixels; begin += together)
      transpose_block(from + begin, pixels, to + begin * channel_block, real, std::min(together, pixels - begin));
  }
}

template<class T> void to_planar(T const* blocked, T* planar, int channels, int pixels) {
  if (pixels == 1) return void(std::copy_n(blocked, channels, planar));
  for (int first = 0; first < channels; first += channel_block)
    transpose(blocked + blocked_index(first, 0, pixels), channel_block, planar + static_cast<long>(first) * pixels,
              pixels, pixels, std::min(channel_block, channels - first));
}

/// Blocked image → features in PyTorch's order (channel, row, column); what fills up the last block is zero.
template<class T> void flatten(T const* image, T* features, shape in) {
  to_planar(image, features, in.channels, in.pixels());
  std::fill(features + in.size(), features + padded(in.size()), T(0));
}

/// The gradient of flatten: features → blocked image of shape `in`.
template<class T> void unflatten(T const* features, T* image, shape in) {
  to_blocked(features, image, in.channels, in.pixels());
}

/// Channels [from_first, from_first + count) of one blocked image to [to_first, …) of another of the same
/// pixels.
template<class T> void copy_channels(T const* from, int from_first, T* to, int to_first, int count, long pixels) {
  while (count > 0) {
    int const from_lane = from_first % channel_block, to_lane = to_first % channel_block;
    int const run = std::min({count, channel_block - from_lane, channel_block - to_lane});
    T const* const source = from + blocked_index(from_first, 0, pixels);
    T* const target = to + blocked_index(to_first, 0, pixels);
    if (run == channel_block)
      std::copy_n(source, pixels * channel_block, target);
    else
      for (long p = 0; p < pixels; ++p) std::copy_n(source + p * channel_block, run, target + p * channel_block);
    from_first += run, to_first += run, count -= run;
  }
}

/// Zero in the lanes that fill up the last block of channels: a gradient that has none there adds nothing to that of
/// weights.
template<class T> void clear_padding(T* image, int channels, long pixels) {
  int const lane = channels % channel_block;
  if (lane == 0) return;
  T* const last = image + blocked_index(channels - lane, 0, pixels);
  for (long p = 0; p < pixels; ++p) std::fill(last + p * channel_block + lane, last + (p + 1) * channel_block, T(0));
}

/// Index of w(k, c, r, s) where weights_size says how they lie; `c` counts all input channels, also with groups; `most`
/// is most_connected(g).
constexpr long weight_index(sliding const& g, int most, int k, int c, int r, int s) {
  bool const alone = is_depthwise(g);
  int const block = k / channel_block, met = c / channel_block - connected_blocks(g, block).begin;
  long const tap = ((static_cast<long>(block) * most + met) * g.how.kernel + r) * g.how.kernel + s;
  return tap * tap_size(g) + (alone ? 0 : c % channel_block * channel_block) + k % channel_block;
}

/// Calls at(OIHW index, kernel index) for every weight of g; OIHW has in.channels / groups inputs.
template<class At> void for_each_weight(sliding const& g, At&& at) {
  int const inputs = g.in.channels / g.how.groups, outputs = g.out.channels / g.how.groups;
  int const most = most_connected(g);
  long from = 0;
  for (int k = 0; k < g.out.channels; ++k)
    for (int c = 0; c < inputs; ++c)
      for (int r = 0; r < g.how.kernel; ++r)
        for (int s = 0; s < g.how.kernel; ++s) at(from++, weight_index(g, most, k, k / outputs * inputs + c, r, s));
}

/// The same for a transposed convolution of g's sizes, at(IOHW index, kernel index): both kernel axes are reversed.
template<class At> void for_each_transposed_weight(sliding const& g, At&& at) {
  int const inputs = g.in.channels / g.how.groups, outputs = g.out.channels / g.how.groups, last = g.how.kernel - 1;
  int const most = most_connected(g);
  long from = 0;
  for (int c = 0; c < g.in.channels; ++c)
    for (int k = 0; k < outputs; ++k)
      for (int r = 0; r < g.how.kernel; ++r)
        for (int s = 0; s < g.how.kernel; ++s)
          at(from++, weight_index(g, most, c / inputs * outputs + k, c, last - r, last - s));
}

/// OIHW → the kernels' layout, zeros everywhere else.
template<class T> void pack_weights(sliding const& g, T const* oihw, T* packed) {
  std::fill_n(packed, weights_size(g), T(0));
  for_each_weight(g, [&](long from, long to) { packed[to] = oihw[from]; });
}

template<class T> void unpack_weights(sliding const& g, T const* packed, T* oihw) {
  for_each_weight(g, [&](long to, long from) { oihw[to] = packed[from]; });
}

/// IOHW → the kernels' layout, and back.
template<class T> void pack_transposed_weights(sliding const& g, T const* iohw, T* packed) {
  std::fill_n(packed, weights_size(g), T(0));
  for_each_transposed_weight(g, [&](long from, long to) { packed[to] = iohw[from]; });
}

template<class T> void unpack_transposed_weights(sliding const& g, T const* packed, T* iohw) {
  for_each_transposed_weight(g, [&](long to, long from) { iohw[to] = packed[from]; });
}

/// A dense layer's [out][in] → the kernels' layout, which is that of a 1×1 convolution.
template<class T> void pack_matrix(int in, int out, T const* rows, T* packed) {
  pack_weights(sliding{{in, 1, 1}, {out, 1, 1}, {}}, rows, packed);
}

template<class T> void unpack_matrix(int in, int out, T const* packed, T* rows) {
  unpack_weights(sliding{{in, 1, 1}, {out, 1, 1}, {}}, packed, rows);
}

}  // namespace laminate::kernels
