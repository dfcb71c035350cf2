// Lists of limited length for constant expressions.
#pragma once

namespace laminate {

/// A list with room for Capacity entries, usable in constant expressions. Plain arrays, here and in whatever
/// else plans: every call costs a compiler as much as what it does, and each access to a std::array is two.
template<class T, int Capacity> struct bounded_list {
  static constexpr int capacity = Capacity;
  T items[Capacity > 0 ? Capacity : 1]{};
  int size = 0;

  constexpr int add(T const& item) {
    items[size] = item;  // past the capacity this is an error while compiling
    return size++;
  }
  constexpr T& operator[](int i) { return items[i]; }
  constexpr T const& operator[](int i) const { return items[i]; }
  constexpr T const* begin() const { return items; }
  constexpr T const* end() const { return items + size; }
};

/// Counts its entries, and keeps the first Capacity of them; one place serves for all others.
/// What builds a list says with this how long the list is going to be.
template<class T, int Capacity> struct counted_list {
  static constexpr int capacity = Capacity;
  T items[Capacity + 1]{};
  int size = 0;

  constexpr int add(T const& item) {
    (*this)[size] = item;
    return size++;
  }
  constexpr T& operator[](int i) { return items[i < Capacity ? i : Capacity]; }
  constexpr T const& operator[](int i) const { return items[i < Capacity ? i : Capacity]; }
};

}  // namespace laminate
