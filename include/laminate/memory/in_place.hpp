// Results that take the place of what they are made from.
#pragma once

#include <algorithm>
#include <laminate/fusion/operation.hpp>
#include <laminate/fusion/step.hpp>
#include <laminate/memory/place.hpp>

namespace laminate::memory {

constexpr bool mentions(fusion::operands const& of, int tensor) {
  return std::find(of.tensors.begin(), of.tensors.end(), tensor) != of.tensors.end();
}

/// The input whose place a step's result may take; −1: none. It is that of a max pool's gradient where every pixel is
/// in one window of 2×2: the kernel reads its four numbers and then writes the four. What it writes is in the cache by
/// then, and the arena is smaller.
constexpr int place_taken_by(fusion::step const& s) {
  int const x = s.inputs[0];
  if (s.code.does != fusion::work::max_pool_back || !windows_of_four_cover(s.code.sizes) || x < 0) return -1;
  return mentions(s.load[0], x) || mentions(s.load[1], x) || mentions(s.store, x) ? -1 : x;
}

/// tensor → the one whose place it takes, as that ends in the step that makes it; −1: none.
template<int Steps, class Expansion, int Tensors>
constexpr auto homes_of(bounded_list<fusion::step, Steps> const& steps, Expansion const& e,
                        bounded_list<lifetime, Tensors> const& lives) {
  bounded_list<short, Tensors> homes = no_homes<Tensors>;
  for (int s = 0; s < Steps; ++s) {
    int const x = place_taken_by(steps.items[s]), y = steps.items[s].output;
    if (x < 0 || y < 0 || e.tensors[x].producer < 0) continue;
    bool const hands_over = lives.items[x].last == s && lives.items[y].first == s;
    if (hands_over && lives.items[x].size == lives.items[y].size) homes[y] = static_cast<short>(x);
  }
  return homes;
}

}  // namespace laminate::memory
