// What becomes of a kernel's output for a unit of samples, piece by piece.
#pragma once

#include <laminate/kernels/prefetch.hpp>
#include <laminate/kernels/strip.hpp>

namespace laminate::kernels {

/// Runs the store side's program over every strip that a kernel has written, while it is in the first-level cache, and
/// brings a little of what the next unit reads near. One type, as for the input.
template<class T> struct output {
  program_code<T> program;  ///< null: there is none
  strip_operands<T> const& operands;
  prefetch_list* next;   ///< null: nothing to bring near
  bool in_rows = false;  ///< samples lie like the pixels of one

  void finish(strip const& at) const {
    if (next != nullptr) next->some();
    if (program != nullptr) program(operands, at);
  }

  /// A block of features of `count` samples: a small network's program is called once for all of them.
  void finish_features(int sample, int count, int block) const {
    if (in_rows) return finish({sample, block, 0, count});
    for (int n = sample; n < sample + count; ++n) finish({n, block, 0, 1});
  }

  // As kernels call it: with strips of one sample, strips of any, blocks of features.
  auto strips_of(int n) const {
    return [this, n](int block, int pixel, int count) { finish({n, block, pixel, count}); };
  }
  auto strips() const {
    return [this](int n, int block, int pixel, int count) { finish({n, block, pixel, count}); };
  }
  auto blocks() const {
    return [this](int sample, int count, int block) { finish_features(sample, count, block); };
  }
};

}  // namespace laminate::kernels
