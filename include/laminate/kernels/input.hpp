// A kernel's input for a unit of samples: what lies in the arena, or what a load side computes on the spot.
#pragma once

#include <algorithm>
#include <array>
#include <laminate/kernels/unit.hpp>

namespace laminate::kernels {

template<class T> struct stored_input {
  samples_of<T> data;

  T* prepare(int n, int) const { return data[n]; }
  T* all(int n) const { return data[n]; }
};

/// Made by load program P from other tensors: up to `samples` samples of shape `of`.
template<program P, class Functions, shape of, int samples, class T, class Arch> struct computed_input {
  samples_of<T> data;
  strip_operands<T> operands;
  std::array<int, samples> done{};  ///< pixels of each sample that are computed

  /// Computes what is missing of the first `pixels` of sample n, in strips long enough to be worth a call.
  T* prepare(int n, int pixels) {
    constexpr int least = 64;
    int const begin = done[n];
    if (pixels > begin) {
      int const end = std::min(of.pixels(), std::max(pixels, begin + least));
      for (int b = 0; b < blocks_of(of.channels); ++b)
        run_program<P, Functions, T, Arch>(operands, strip{n, b, begin, end - begin});
      done[n] = end;
    }
    return data[n];
  }
  T* all(int n) { return prepare(n, of.pixels()); }
};

}  // namespace laminate::kernels
