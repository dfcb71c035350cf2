// What families of networks share: their number of blocks by their depth, and stages of blocks.
#pragma once

#include <laminate/layers.hpp>

namespace laminate::zoo {

/// The n of a network with 6n + rest layers.
consteval int blocks(int depth, int rest) {
  if (depth < 6 || depth % 6 != rest)
    throw "there is no such depth: it must be 6n + 2, or 6n + 4, with n of at least 1";
  return depth / 6;
}

/// `repeat`, but no times are allowed too: the blocks of a stage after its first.
template<int Times, class Words> constexpr auto again(Words words) {
  if constexpr (Times == 0)
    return Chain<>{};
  else
    return repeat<Times>(words);
}

}  // namespace laminate::zoo
