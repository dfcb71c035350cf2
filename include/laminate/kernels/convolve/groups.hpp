// The zeros between channels of different groups.
#pragma once

#include <laminate/describe/weights.hpp>

namespace laminate::kernels {

/// Writes zero where input and output channel belong to different groups (their layout keeps these entries).
template<sliding G, class T> void mask_groups(T* dw) {
  constexpr int inputs = G.in.channels, outputs = G.out.channels, groups = G.how.groups;
  constexpr int rows = weight_channels(inputs), taps = G.how.kernel * G.how.kernel;
  if constexpr (groups > 1 && !is_depthwise(G))
    for (int kb = 0; kb < blocks_of(outputs); ++kb) {
      block_range const met = connected_blocks(G, kb);
      for (int cb = met.begin; cb < met.end; ++cb) {
        T* const block = dw + static_cast<long>(kb * most_connected(G) + cb - met.begin) * taps * rows * channel_block;
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
