// The one comparison of numbers bit by bit.
#pragma once

#include <cstring>
#include <iterator>

namespace laws {

/// Whether two ranges in memory hold the same numbers; a NaN is equal to itself.
bool same_bits(auto const& a, auto const& b) {
  return std::size(a) == std::size(b) &&
         std::memcmp(std::data(a), std::data(b), std::size(a) * sizeof(*std::data(a))) == 0;
}

}  // namespace laws
