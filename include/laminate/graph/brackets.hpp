// The blocks in a list of words: which brackets belong together, and how many nodes they can leave.
#pragma once

#include <algorithm>
#include <array>
#include <laminate/describe/facts.hpp>

namespace laminate {

/// Index of the bracket that closes the one at `open`.
template<std::size_t N> constexpr int closing(std::array<facts, N> const& words, int open) {
  int depth = 0;
  for (int i = open; i < static_cast<int>(N); ++i) {
    if (opens(words[i].acts_as)) ++depth;
    if (words[i].acts_as == role::close && --depth == 0) return i;
  }
  return static_cast<int>(N);
}

/// An upper bound of the nodes: every word once, times the Repeats around it.
template<std::size_t N> constexpr int node_bound(std::array<facts, N> const& words, int first, int last) {
  int count = 0;
  for (int i = first; i < last; ++i) {
    int const end = opens(words[i].acts_as) ? closing(words, i) : i;
    int const times = words[i].acts_as == role::open_repeat ? std::max(words[i].count, 0) : 1;
    count += end == i
                 ? 1
                 : 1 + words[i].count * (words[i].acts_as != role::open_repeat) + times * node_bound(words, i + 1, end);
    i = end;
  }
  return count;
}

}  // namespace laminate
