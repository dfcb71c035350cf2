// One unit of a step's work: some samples on one thread, and what a step's slots stand for on it.
#pragma once

#include <algorithm>
#include <laminate/kernels/piece.hpp>
#include <laminate/kernels/state.hpp>
#include <laminate/kernels/strip.hpp>

namespace laminate::kernels {

/// Consecutive samples on one thread.
template<class T> struct unit {
  int index = 0;
  int first = 0;  ///< sample
  int samples = 0;
  int sums = 0;             ///< which reduction of the chain is the step's first
  bool opens = false;       ///< its part: no unit came before on this thread
  bool last = false;        ///< of its step on this thread, or on its way through a chain: none to prepare for
  piece_of_output piece{};  ///< of what the kernel writes
  std::array<T*, fusion::load_sides> scratch{};
  T* work = nullptr;     ///< of the kernel
  T* near = nullptr;     ///< for what only the steps of its chain see
  int near_first = 0;    ///< the first sample there
  int near_samples = 0;  ///< how many have a place

  /// Tensor t, from the unit's first sample on.
  T* tensor(run_state<T> const& state, int t) const {
    fusion::tensor_plan const& of = state.tensors[t];
    if (!of.near) return state.tensor(t, first);
    return near + static_cast<long>(of.offset) * near_samples + static_cast<long>(first - near_first) * of.stride;
  }
};

/// A kernel's input for the samples of a unit.
template<class T> struct samples_of {
  T* data = nullptr;
  long stride = 0;

  T* operator[](int sample) const { return data + sample * stride; }
};

/// Binds one side's slots for a unit.
template<class T>
void bind(strip_operands<T>& o, run_state<T> const& state, fusion::operands const& from, shape of, unit<T> const& u,
          T* scratch) {
  o.of = of;
  o.first_sample = u.first;
  for (int i = 0; i < from.tensors.size; ++i) {
    int const t = from.tensors[i];
    bool const own = t == fusion::operands::scratch;
    o.tensors[i] = own ? scratch : u.tensor(state, t);
    o.strides[i] = own ? stored_size(of) : state.tensors[t].stride;
  }
  for (int i = 0; i < from.channels.size; ++i)
    o.channels[i] = state.memory[from.channels[i].node][from.channels[i].vector];
  for (int i = 0; i < from.drops.size; ++i)
    o.drops[i] = {state.dropout_key, static_cast<std::uint32_t>(from.drops[i]), state.nodes[from.drops[i]].rate};
  for (int i = 0; i < from.reductions.size; ++i)
    o.sums[i] = state.sums + (u.sums + i) * state.sums_size + static_cast<long>(u.index) * 3 * padded(of.channels);
}

/// Whether features of all samples lie like the pixels of one: one block each, without a gap. Dropout draws for the
/// element's own place.
template<class T> bool lie_in_rows(fusion::operands const& from, strip_operands<T> const& o) {
  if (!o.of.is_features() || o.of.channels > channel_block || from.drops.size > 0) return false;
  return std::all_of(o.strides.begin(), o.strides.begin() + from.tensors.size,
                     [](long stride) { return stride == channel_block; });
}

}  // namespace laminate::kernels
