// One sample as the loops of a custom layer see it, wherever its channels lie.
#pragma once

#include <algorithm>
#include <laminate/describe/layout.hpp>

namespace laminate {

/// An image, or features, which are an image of one pixel: `x(channel, row, column)`. Channels lie in blocks of
/// `Block`: of 1 in the reference's arrays, of channel_block in the kernels'.
template<class T, int Block> class image_view {
 public:
  image_view(T* data, shape of)
      : channels(of.channels), height(std::max(1, of.height)), width(std::max(1, of.width)), data_(data) {}

  int const channels, height, width;

  T& operator()(int channel, int row = 0, int column = 0) const {
    long const block = static_cast<long>(channel / Block) * height * width;
    return data_[(block + static_cast<long>(row) * width + column) * Block + channel % Block];
  }

 private:
  T* data_;
};

}  // namespace laminate
