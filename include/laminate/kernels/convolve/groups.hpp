// The zeros between channels of different groups.
#pragma once

#include <laminate/describe/weights.hpp>

namespace laminate::kernels {

/// Writes zero where input and output channel belong to different groups (their layout keeps these entries).
template<class T> void mask_groups(sliding const& g, T* dw) {
  int const inputs = g.in.channels, outputs = g.out.channels, groups = g.how.groups;
  if (groups == 1 || is_depthwise(g)) return;
  int const rows = weight_channels(inputs), taps = g.how.kernel * g.how.kernel, most = most_connected(g);
  for (int kb = 0; kb < blocks_of(outputs); ++kb) {
    block_range const met = connected_blocks(g, kb);
    for (int cb = met.begin; cb < met.end; ++cb) {
      T* const block = dw + static_cast<long>(kb * most + cb - met.begin) * taps * rows * channel_block;
      for (int c = 0; c < rows; ++c)
        for (int k = 0; k < channel_block; ++k) {
          int const input = cb * channel_block + c, output = kb * channel_block + k;
          if (input < inputs && output < outputs && input / (inputs / groups) == output / (outputs / groups)) continue;
          for (int tap = 0; tap < taps; ++tap) block[(tap * rows + c) * channel_block + k] = T(0);
        }
    }
  }
}

}  // namespace laminate::kernels
