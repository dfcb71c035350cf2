// Where tensors live: offsets in one arena, so that tensors whose lives do not meet share memory.
#pragma once

#include <laminate/describe/layout.hpp>
#include <laminate/support/lists.hpp>

namespace laminate::memory {

/// What the placing needs to know of a tensor: its scalars per sample, and the steps from its making to its last use.
/// Without initialisers: lists of them are then zero as a whole, not element by element.
struct lifetime {
  int size, first, last;

  constexpr bool is_used() const { return size > 0; }
};

template<int Tensors> struct arena_layout {
  int offset[Tensors]{};  ///< scalars per sample of capacity; multiply by the capacity
  int size = 0;
};

/// No tensor takes over another's place.
template<int Tensors>
inline constexpr auto no_homes = [] {
  bounded_list<short, Tensors> homes{.size = Tensors};
  for (short& home : homes.items) home = -1;
  return homes;
}();

/// First fit, in the order in which tensors are made: each goes to the lowest gap among those
/// alive. Gaps are few however deep the network is, so the whole is O(tensors · gaps). `homes`: tensor → the one whose
/// place it takes over when that ends; −1: none.
template<int Steps, int Tensors>
constexpr auto place_in_arena(bounded_list<lifetime, Tensors> const& lived, bounded_list<short, Tensors> const& homes) {
  bounded_list<lifetime, Tensors> all = lived;
  lifetime(&lives)[Tensors] = all.items;
  for (int t = 0; t < Tensors; ++t)
    if (int const home = homes.items[t]; home >= 0) lives[home].last = lives[t].last, lives[t] = {};
  arena_layout<Tensors> result;
  struct gap {
    int begin, end;
  };
  gap gaps[Tensors + 1]{{0, 1 << 30}};  // sorted, apart; the last has no end
  int count = 1;
  auto take = [&](int t) {
    int const size = aligned(lives[t].size);
    int at = 0;
    while (gaps[at].end - gaps[at].begin < size) ++at;
    result.offset[t] = gaps[at].begin;
    gaps[at].begin += size;
    if (result.size < gaps[at].begin) result.size = gaps[at].begin;
    if (gaps[at].begin < gaps[at].end) return;
    for (--count; at < count; ++at) gaps[at] = gaps[at + 1];
  };
  auto give_back = [&](int t) {
    int const begin = result.offset[t], end = begin + aligned(lives[t].size);
    int at = 0;
    while (gaps[at].end < begin) ++at;
    if (gaps[at].end == begin) {
      gaps[at].end = end;
      if (gaps[at + 1].begin != end) return;
      gaps[at].end = gaps[at + 1].end;
      for (int i = at + 1; i + 1 < count; ++i) gaps[i] = gaps[i + 1];
      --count;
    } else if (gaps[at].begin == end) {
      gaps[at].begin = begin;
    } else {
      for (int i = count++; i > at; --i) gaps[i] = gaps[i - 1];
      gaps[at] = {begin, end};
    }
  };
  // Tensors in the order they are made, and those that end, by counting.
  auto sorted = [&](auto when) {
    struct {
      int begin[Steps + 2]{}, order[Tensors]{};
    } by;
    for (auto const& l : lives)
      if (l.is_used()) ++by.begin[when(l) + 1];
    for (int s = 0; s < Steps; ++s) by.begin[s + 1] += by.begin[s];
    auto next = by;
    for (int t = 0; t < Tensors; ++t)
      if (lives[t].is_used()) by.order[next.begin[when(lives[t])]++] = t;
    return by;
  };
  auto const made = sorted([](lifetime const& l) { return l.first; });
  auto const ended = sorted([](lifetime const& l) { return l.last; });
  for (int s = 0; s < Steps; ++s) {
    if (s > 0)
      for (int k = ended.begin[s - 1]; k < ended.begin[s]; ++k) give_back(ended.order[k]);
    for (int k = made.begin[s]; k < made.begin[s + 1]; ++k) take(made.order[k]);
  }
  for (int t = 0; t < Tensors; ++t)
    if (homes.items[t] >= 0) result.offset[t] = result.offset[homes.items[t]];
  return result;
}

}  // namespace laminate::memory
