// Batches from the caller's layout into that of the arena, and back.
#pragma once

#include <algorithm>
#include <laminate/kernels/shuffle.hpp>
#include <laminate/kernels/state.hpp>

namespace laminate {

template<class T> void import_tensor(kernels::run_state<T> const& state, int t, std::span<T const> from) {
  shape const of = state.tensors[t].of;
  for (int n = 0; n < state.batch; ++n) {
    T const* const sample = from.data() + static_cast<std::size_t>(n) * of.size();
    if (state.tensors[t].lies == layout::planar)
      std::copy_n(sample, of.size(), state.tensor(t, n));
    else
      kernels::to_blocked(sample, state.tensor(t, n), of.channels, of.pixels());
  }
}

template<class T> void export_tensor(kernels::run_state<T> const& state, int t, std::span<T> to) {
  shape const of = state.tensors[t].of;
  for (int n = 0; n < state.batch; ++n) {
    T* const sample = to.data() + static_cast<std::size_t>(n) * of.size();
    if (state.tensors[t].lies == layout::planar)
      std::copy_n(state.tensor(t, n), of.size(), sample);
    else
      kernels::to_planar(state.tensor(t, n), sample, of.channels, of.pixels());
  }
}

}  // namespace laminate
