// How tensors lie in memory inside the library. Outside, everything is NCHW and OIHW; nobody outside sees this file.
#pragma once

#include <laminate/describe/shape.hpp>

namespace laminate {

/// Channels are stored in blocks of 16: an image is [channels/16][height][width][16], features are [channels/16][16].
/// The channels that fill up the last block are zero in parameters and their gradients; in activations they hold
/// anything, so kernels sum over the real channels only.
inline constexpr int channel_block = 16;

constexpr int blocks_of(int channels) { return (channels + channel_block - 1) / channel_block; }
constexpr int padded(int channels) { return blocks_of(channels) * channel_block; }

/// Whether so few channels leave half of their block empty, or more.
constexpr bool half_empty(int channels) { return 2 * channels <= channel_block; }

/// What is computed of a block of tiles: half of it where that has all channels.
constexpr int computed_of_block(int channels) { return half_empty(channels) ? channel_block / 2 : channel_block; }

/// `planar` is the caller's own NCHW: only a network's input and output have it.
enum class layout : unsigned char { blocked, planar };

/// The scalars one sample occupies.
constexpr int stored_size(shape s, layout l = layout::blocked) {
  return (l == layout::planar ? s.channels : padded(s.channels)) * s.pixels();
}

/// Sizes rounded up so that offsets keep 64-byte alignment for float and double at any capacity.
template<class Integer> constexpr Integer aligned(Integer scalars) { return (scalars + 15) / 16 * 16; }

}  // namespace laminate
