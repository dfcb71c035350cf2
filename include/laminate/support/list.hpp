// A list of limited length for constant expressions.
#pragma once

#include <array>

namespace laminate {

/// A list with room for Capacity entries, usable in constant expressions.
template<class T, int Capacity>
struct list {
  std::array<T, Capacity> items{};
  int size = 0;

  constexpr int add(T const& item) {
    items[size] = item;  // past the capacity this is an error while compiling
    return size++;
  }
  constexpr T& operator[](int i) { return items[i]; }
  constexpr T const& operator[](int i) const { return items[i]; }
  constexpr T const* begin() const { return items.data(); }
  constexpr T const* end() const { return items.data() + size; }
};

}  // namespace laminate
