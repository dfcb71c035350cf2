// Batches from the caller's layout into that of the arena, and back.
#pragma once

#include <algorithm>
#include <laminate/kernels/shuffle.hpp>
#include <laminate/kernels/state.hpp>

namespace laminate {

template<class T> void import_tensor(kernels::run_state<T> const& state, int t, std::span<T const> from) {
  fusion::tensor_plan const& at = state.tensors[t];
  bool const planar = at.lies == layout::planar;
  int const channels = at.of.channels, pixels = at.of.pixels();
  if (!planar && pixels == 1)
    return kernels::to_rows(from.data(), channels, state.tensor(t, 0), at.stride, state.batch);
  for (int n = 0; n < state.batch; ++n) {
    T const* const sample = from.data() + n * at.of.size();
    if (planar)
      std::copy_n(sample, at.of.size(), state.tensor(t, n));
    else
      kernels::to_blocked(sample, state.tensor(t, n), channels, pixels);
  }
}

template<class T> void export_tensor(kernels::run_state<T> const& state, int t, std::span<T> to) {
  fusion::tensor_plan const& at = state.tensors[t];
  bool const planar = at.lies == layout::planar;
  int const channels = at.of.channels, pixels = at.of.pixels();
  if (!planar && pixels == 1)
    return kernels::from_rows(state.tensor(t, 0), at.stride, to.data(), channels, state.batch);
  for (int n = 0; n < state.batch; ++n) {
    T* const sample = to.data() + n * at.of.size();
    if (planar)
      std::copy_n(state.tensor(t, n), at.of.size(), sample);
    else
      kernels::to_planar(state.tensor(t, n), sample, channels, pixels);
  }
}

}  // namespace laminate
