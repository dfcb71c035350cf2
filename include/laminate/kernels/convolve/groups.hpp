// Which channel blocks of a grouped convolution meet, and the zeros between channels of different groups.
#pragma once

#include <laminate/describe/layout.hpp>
#include <laminate/kernels/convolve/axis.hpp>

namespace laminate::kernels {

/// The blocks of `from` channels that any group connects to block `block` of `to` channels.
constexpr span_of connected_blocks(int block, int to, int from, int groups) {
  if (groups == 1) return {0, blocks_of(from)};
  int const to_group = to / groups, from_group = from / groups;
  int const first = block * channel_block;
  int const last = (first + channel_block < to ? first + channel_block : to) - 1;
  return {first / to_group * from_group / channel_block, blocks_of((last / to_group + 1) * from_group)};
}

/// Scalars of the weights of G as the kernels keep them: [K/16][C/16][R][S][c][16k].
constexpr int weights_size(sliding const& g) {
  return blocks_of(g.out.channels) * blocks_of(g.in.channels) * g.how.kernel * g.how.kernel *
         weight_channels(g.in.channels) * channel_block;
}

/// Writes zero where input and output channel belong to different groups (dense layout keeps these entries).
template<sliding G, class T> void mask_groups(T* dw) {
  constexpr int inputs = G.in.channels, outputs = G.out.channels, groups = G.how.groups;
  constexpr int rows = weight_channels(inputs), taps = G.how.kernel * G.how.kernel;
  if constexpr (groups > 1)
    for (int kb = 0; kb < blocks_of(outputs); ++kb) {
      span_of const met = connected_blocks(kb, outputs, inputs, groups);
      for (int cb = met.begin; cb < met.end; ++cb) {
        T* const block = dw + static_cast<long>(kb * blocks_of(inputs) + cb) * taps * rows * channel_block;
        for (int c = 0; c < rows; ++c)
          for (int k = 0; k < channel_block; ++k) {
            int const input = cb * channel_block + c, output = kb * channel_block + k;
            if (input < inputs && output < outputs && input / (inputs / groups) == output / (outputs / groups))
              continue;
            for (int tap = 0; tap < taps; ++tap) block[(tap * rows + c) * channel_block + k] = T(0);
          }
      }
    }
}

}  // namespace laminate::kernels
