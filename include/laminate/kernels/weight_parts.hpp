// A weight gradient from the parts in which it is summed.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/groups.hpp>
#include <laminate/kernels/convolve/transposed.hpp>
#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/state.hpp>
#include <laminate/kernels/threads.hpp>
#include <laminate/kernels/winograd/weights.hpp>

namespace laminate::kernels {

/// Whether the kernel overwrites a weight gradient's part with the first of its sums. A block that input channels do
/// not fill has rows that none of them writes, and one of few outputs columns.
constexpr bool starts_its_sums(fusion::signature const& s) {
  return s.does == fusion::work::convolve_back && s.weight_gradient != algorithm::direct &&
         s.sizes.in.channels % channel_block == 0 && !half_empty(s.sizes.out.channels);
}

/// Fewer additions are not worth a second thread: what it sums up others fetch from its cache.
inline constexpr long additions_of_a_piece = 1 << 17;

template<class T, class Body> void in_pieces(run_state<T> const& state, long size, long piece, Body&& body) {
  parallel_for(state.run_loop, static_cast<int>((size + piece - 1) / piece), state.threads,
               [&](int p, int) { body(p * piece, std::min((p + 1) * piece, size)); });
}

template<class T> void add_part(T const* part, T* sum, long first, long end) {
  for (long i = first; i < end; ++i) sum[i] += part[i];
}

/// The parts of one step's weight gradient.
template<class T> struct weight_parts {
  T* first;
  int count;
};

/// sum = the parts of a weight gradient in their order, so that it does not depend on the number of threads. The first
/// part may be the sum's own place.
template<class T>
void sum_parts(run_state<T> const& state, fusion::step const& s, weight_parts<T> const& parts, T* sum) {
  bool const is_apart = sum != parts.first;
  long const size = is_apart || parts.count > 1 ? part_size(s.code) : 0;
  in_pieces(state, size, additions_of_a_piece / std::max(parts.count - 1, 1), [&](long first, long end) {
    if (is_apart) std::copy(parts.first + first, parts.first + end, sum + first);
    for (int part = 1; part < parts.count; ++part)
      add_part(parts.first + part * state.weight_part_size, sum, first, end);
  });
}

/// The weight gradient from its parts, computed by tiles, or directly where F is nothing.
template<minimal_filtering F, class T, class Arch>
void join_weight_parts(run_state<T> const& state, fusion::step const& s, weight_parts<T> const& parts) {
  constexpr bool direct = F.outputs == 0;
  node_memory<T> const& m = state.memory[s.node];
  T* const sum = direct ? m.weight_gradient : parts.first;
  sum_parts(state, s, parts, sum);
  if constexpr (direct) {
    mask_groups(s.code.sizes, sum);
  } else {
    int const in = s.code.sizes.in.channels, out = s.code.sizes.out.channels;
    in_pieces(state, static_cast<long>(blocks_of(in)) * blocks_of(out), 16, [&](long first, long end) {
      transform_weight_gradient<T, Arch, F>(sum, m.weight_gradient, in, out, first, end);
    });
  }
}

/// The same for a transposed convolution, whose parts lie otherwise than its weights.
template<class T>
void join_transposed_weight_parts(run_state<T> const& state, fusion::step const& s, weight_parts<T> const& parts) {
  T* const sum = state.memory[s.node].weight_gradient;
  sum_parts(state, s, parts, parts.first);
  finish_transposed_weight_gradient(s.code.sizes, parts.first, sum);
  mask_groups(s.code.sizes, sum);
}

/// Vector operations of a dense layer's weight gradient that are worth a thread: its columns of inputs are packed
/// first.
inline constexpr double work_of_columns = 200'000;

/// Inputs of a dense layer whose weight gradient is as much, in whole packs.
template<class T, class Arch> constexpr int inputs_of_a_piece(int batch, int out) {
  double const work_of_a_pack = static_cast<double>(batch) * packed_channels * padded(out) / lanes<T, Arch>;
  return (static_cast<int>(work_of_columns / work_of_a_pack) + 1) * packed_channels;
}

/// The weight gradient of a dense layer, over all samples at once: a sum in parts would move a matrix that is larger
/// than what it is made of for each of them.
template<class T, class Arch>
void dense_weight_gradient(run_state<T> const& state, fusion::step const& s, weight_parts<T> const&) {
  int const in = s.code.sizes.in.channels, out = s.code.sizes.out.channels;
  int const piece = inputs_of_a_piece<T, Arch>(state.batch, out);
  int const threads = threads_worth(s.code, vectors_per_block<T, Arch>, state.batch, state.threads);
  parallel_for(state.run_loop, (in + piece - 1) / piece, threads, [&](int p, int thread) {
    for (int first = p * piece; first < std::min(in, (p + 1) * piece); first += packed_channels)
      multiply_weight_gradient<T, Arch>(state.tensor(s.inputs[0], 0), state.tensors[s.inputs[0]].stride,
                                        state.tensor(s.inputs[1], 0), state.tensors[s.inputs[1]].stride,
                                        state.memory[s.node].weight_gradient, in, out, state.batch, first,
                                        state.scratch + thread * state.scratch_size);
  });
}

}  // namespace laminate::kernels
