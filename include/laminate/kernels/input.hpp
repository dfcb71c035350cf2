// A kernel's input for a unit of samples: what lies in the arena, or what a load side computes on the spot.
#pragma once

#include <algorithm>
#include <laminate/kernels/unit.hpp>

namespace laminate::kernels {

/// Input k of a step's kernel. One type, whatever the load side's program: so a kernel is compiled once for its sizes,
/// and not for everything that is fused with it.
template<class T> class input {
 public:
  samples_of<T> data;

  /// `programs` are those of the step's load sides.
  input(run_state<T> const& state, fusion::step const& s, int k, unit<T> const& u,
        std::array<program_code<T>, fusion::load_sides> const& programs) {
    int const t = s.inputs[k], side = s.code.fed_by[k];
    shape const of = input_shape(s.code, k);
    if (t == fusion::operands::scratch)
      data = {u.scratch[std::max(side, 0)], stored_size(of)};
    else
      data = {u.tensor(state, t), state.tensors[t].stride};
    if (side < 0) return;
    program_ = programs[side];
    done_.fill(0);
    bind(operands_, state, s.load[side], of, u, u.scratch[side]);
  }

  /// Sample n, of which the first `pixels` are there from now on: computed in strips long enough to be worth a call.
  T* prepare(int n, int pixels) {
    constexpr int least = 64;
    if (program_ != nullptr && pixels > done_[n]) {
      int const begin = done_[n], end = std::min(operands_.of.pixels(), std::max(pixels, begin + least));
      for (int b = 0; b < blocks_of(operands_.of.channels); ++b) program_(operands_, strip{n, b, begin, end - begin});
      done_[n] = end;
    }
    return data[n];
  }
  T* all(int n) { return program_ != nullptr ? prepare(n, operands_.of.pixels()) : data[n]; }

  // As kernels ask for it: rows of one sample, rows of any, a whole one.
  auto rows_of(int n, int width) {
    return [this, n, width](int rows) { prepare(n, rows * width); };
  }
  auto rows(int width) {
    return [this, width](int n, int rows) { return prepare(n, rows * width); };
  }
  auto whole() {
    return [this](int n) { return all(n); };
  }

 private:
  program_code<T> program_ = nullptr;
  strip_operands<T> operands_;  ///< of the program
  /// Pixels of each sample that are computed; none without a program.
  std::array<int, fusion::most_samples_per_unit> done_;
};

}  // namespace laminate::kernels
