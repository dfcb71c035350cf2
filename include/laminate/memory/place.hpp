// Where tensors live: offsets in one arena, so that tensors whose lives do not meet share memory.
#pragma once

#include <array>
#include <laminate/describe/layout.hpp>

namespace laminate {

/// What the placing needs to know of a tensor: its scalars per sample, and the steps from its making to its last use.
struct lifetime {
  int size = 0;
  int first = -1;
  int last = -1;

  constexpr bool is_used() const { return first >= 0; }
};

template<int Tensors>
struct arena_layout {
  std::array<int, Tensors> offset{};  ///< scalars per sample of capacity; multiply by the capacity
  int size = 0;
};

/// First fit, in the order in which tensors are made: each goes to the lowest gap among those alive.
template<int Steps, int Tensors>
constexpr auto place_in_arena(std::array<lifetime, Tensors> const& lives) {
  arena_layout<Tensors> result;
  std::array<int, Tensors> alive{};  // sorted by offset
  int count = 0;
  auto insert = [&](int t) {
    int at = 0, offset = 0;
    int const size = aligned(lives[t].size);
    while (at < count && result.offset[alive[at]] - offset < size) {
      offset = result.offset[alive[at]] + aligned(lives[alive[at]].size);
      ++at;
    }
    for (int i = count++; i > at; --i) alive[i] = alive[i - 1];
    alive[at] = t;
    result.offset[t] = offset;
    result.size = offset + size > result.size ? offset + size : result.size;
  };
  // Tensors in the order they are made, by counting, so that the whole is O(tensors · alive).
  std::array<int, Steps + 1> begin{};
  std::array<int, Tensors> order{};
  for (auto const& l : lives)
    if (l.is_used()) ++begin[l.first + 1];
  for (int s = 0; s < Steps; ++s) begin[s + 1] += begin[s];
  auto next = begin;
  for (int t = 0; t < Tensors; ++t)
    if (lives[t].is_used()) order[next[lives[t].first]++] = t;
  for (int s = 0; s < Steps; ++s) {
    int kept = 0;
    for (int i = 0; i < count; ++i)
      if (lives[alive[i]].last >= s) alive[kept++] = alive[i];
    count = kept;
    for (int k = begin[s]; k < begin[s + 1]; ++k) insert(order[k]);
  }
  return result;
}

}  // namespace laminate
