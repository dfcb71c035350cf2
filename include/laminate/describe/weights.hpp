// How the weights of a convolution or dense layer lie in memory.
#pragma once

#include <algorithm>
#include <laminate/describe/algorithm.hpp>
#include <laminate/describe/layout.hpp>
#include <laminate/describe/window.hpp>

namespace laminate {

/// Whether every channel is convolved on its own: 16 channels of a block are then 16 lanes of a vector.
constexpr bool is_depthwise(sliding const& g) {
  return g.how.groups > 1 && g.how.groups == g.in.channels && g.how.groups == g.out.channels;
}

/// Input channels per block of a convolution's or dense layer's weights: a few channels (a grey or colour image) are
/// not padded.
constexpr int weight_channels(int in_channels) { return in_channels < channel_block ? in_channels : channel_block; }

/// Scalars from one tap of a kernel to the next: [c][16k], or [16c] of a depthwise convolution.
constexpr int tap_size(sliding const& g) {
  return is_depthwise(g) ? channel_block : weight_channels(g.in.channels) * channel_block;
}

/// Blocks of channels: [begin, end).
struct block_range {
  int begin = 0;
  int end = 0;
};

/// The blocks of input channels that any group connects to block `block` of output channels.
constexpr block_range connected_blocks(sliding const& g, int block) {
  if (g.how.groups == 1) return {0, blocks_of(g.in.channels)};
  int const outputs = g.out.channels / g.how.groups, inputs = g.in.channels / g.how.groups;
  int const first = block * channel_block, last = std::min(first + channel_block, g.out.channels) - 1;
  return {first / outputs * inputs / channel_block, blocks_of((last / outputs + 1) * inputs)};
}

/// The most blocks of input channels that a block of output channels meets.
constexpr int most_connected(sliding const& g) {
  if (g.how.groups == 1) return blocks_of(g.in.channels);
  int most = 0;
  for (int block = 0; block < blocks_of(g.out.channels); ++block) {
    block_range const met = connected_blocks(g, block);
    most = std::max(most, met.end - met.begin);
  }
  return most;
}

/// Scalars of the weights of g: [K/16][connected C/16][R][S][c][16k], where within a block the weights between groups
/// are zeros; depthwise [C/16][R][S][16c].
constexpr int weights_size(sliding const& g) {
  return blocks_of(g.out.channels) * most_connected(g) * g.how.kernel * g.how.kernel * tap_size(g);
}

/// Scalars of a matrix as the kernels keep it: [out/16][in/16][c][16k], c = weight_channels(in).
constexpr long matrix_size(int in, int out) {
  return static_cast<long>(blocks_of(out)) * blocks_of(in) * weight_channels(in) * channel_block;
}

/// Scalars of a convolution's weights in Winograd's domain: such a matrix for each product.
constexpr long transformed_size(sliding const& g, algorithm a) {
  return filtering_of(a, g.how).products() * matrix_size(g.in.channels, g.out.channels);
}

/// The sizes of the weights that the data gradient reads: inputs and outputs exchanged.
constexpr sliding exchanged(sliding const& g) { return {g.out, g.in, g.how}; }

/// Samples and input channels of which a dense layer's weight gradient is summed together, and the scalars they take
/// packed: in their own places, which may be a power of two apart, they would meet in few sets of the cache.
inline constexpr int packed_samples = 64, packed_channels = 48;
inline constexpr long packed_size = packed_samples * (packed_channels + channel_block);

}  // namespace laminate
