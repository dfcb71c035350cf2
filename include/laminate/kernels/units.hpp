// What surrounds a step's code: its units of samples in parallel, and the end of its sums.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/groups.hpp>
#include <laminate/kernels/convolve/transposed.hpp>
#include <laminate/kernels/finish.hpp>
#include <laminate/kernels/input.hpp>
#include <laminate/kernels/output.hpp>
#include <laminate/kernels/winograd/weights.hpp>
#include <laminate/support/parallel.hpp>

namespace laminate::kernels {

/// A unit of a step's work, as its kernel sees it.
template<class T> struct task {
  run_state<T> const& state;
  step const& s;
  unit<T> const& u;
  input<T>& x;
  input<T>& y;  ///< x again where the kernel has one input
  samples_of<T> to;
  output<T> const& finish;
  T* weight_part;

  bool wants_data_gradient() const { return !s.optional || state.wants_input_gradient; }
};

/// The code of a step, by address: what surrounds it is compiled once for all steps, and so is each of its parts for
/// all steps that share it.
template<class T> struct step_code {
  void (*run_kernel)(task<T> const&);
  int inputs;
  void (*end_weight_gradient)(run_state<T> const&, step const&, int parts);  ///< null without one
  std::array<program_code<T>, load_sides> load;                              ///< null where that side is empty
  program_code<T> store;
};

/// A thread's own memory: what the load sides before side `load` make, in their order, and then the kernel's.
template<class T> T* own_memory(run_state<T> const& state, step const& s, int thread, int load) {
  T* at = state.scratch + thread * state.scratch_size;
  for (int k = 0; k < 3; ++k)
    if (s.code.fed_by[k] >= 0 && s.code.fed_by[k] < load)
      at += scratch_size(s.code, k, s.inputs[k] == operands::scratch);
  return at;
}

/// Scalars of one part of a weight gradient that is summed in parts.
template<class T> long part_size(run_state<T> const& state, step const& s) {
  signature const& c = s.code;
  if (c.does == work::convolve_transposed_back) return weights_size(transposed(c.sizes));
  if (c.weight_gradient == algorithm::direct) return state.memory[s.node].weights;
  return transformed_size(c.sizes.in.channels, c.sizes.out.channels, c.weight_gradient);
}

/// Whether the kernel overwrites a weight gradient's part with the first of its sums. A block that input channels do
/// not fill has rows that none of them writes.
constexpr bool starts_its_sums(signature const& s) {
  return s.does == work::convolve_back && s.weight_gradient != algorithm::direct &&
         s.sizes.in.channels % channel_block == 0;
}

/// Fewer additions are not worth a second thread: it takes some ten microseconds to call one.
inline constexpr long additions_of_a_piece = 1 << 17;

template<class T, class Body> void in_pieces(run_state<T> const& state, long size, long piece, Body&& body) {
  parallel_for(static_cast<int>((size + piece - 1) / piece), state.threads,
               [&](int p, int) { body(p * piece, std::min((p + 1) * piece, size)); });
}

template<class T> void add_part(T const* part, T* sum, long first, long end) {
  for (long i = first; i < end; ++i) sum[i] += part[i];
}

/// sum = the parts of a weight gradient in their order, so that it does not depend on the number of threads. The first
/// part may be the sum's own place.
template<class T> void sum_parts(run_state<T> const& state, step const& s, T* sum, int parts) {
  bool const is_apart = sum != state.weight_parts;
  long const size = is_apart || parts > 1 ? part_size(state, s) : 0;
  in_pieces(state, size, additions_of_a_piece / std::max(parts - 1, 1), [&](long first, long end) {
    if (is_apart) std::copy(state.weight_parts + first, state.weight_parts + end, sum + first);
    for (int part = 1; part < parts; ++part)
      add_part(state.weight_parts + part * state.weight_part_size, sum, first, end);
  });
}

/// The weight gradient from its parts, computed with algorithm A.
template<algorithm A, class T, class Arch> void join_weight_parts(run_state<T> const& state, step const& s, int parts) {
  constexpr bool direct = A == algorithm::direct;
  node_memory<T> const& m = state.memory[s.node];
  T* const sum = direct ? m.weight_gradient : state.weight_parts;
  sum_parts(state, s, sum, parts);
  if constexpr (!direct) {
    int const in = s.code.sizes.in.channels, out = s.code.sizes.out.channels;
    in_pieces(state, static_cast<long>(blocks_of(in)) * blocks_of(out), 16, [&](long first, long end) {
      transform_weight_gradient<T, Arch, outputs_per_tile(A)>(sum, m.weight_gradient, in, out, first, end);
    });
  }
}

/// The same for a transposed convolution, whose parts lie otherwise than its weights.
template<class T> void join_transposed_weight_parts(run_state<T> const& state, step const& s, int parts) {
  sum_parts(state, s, state.weight_parts, parts);
  finish_transposed_weight_gradient(s.code.sizes, state.weight_parts, state.memory[s.node].weight_gradient);
}

/// A step on features gains from a second thread above this: what one thread has written the other fetches from its
/// cache, and a dense layer does little with each of its numbers.
inline constexpr double work_of_threads = 3 * work_of_a_piece;

/// As many threads as a step on features is worth.
constexpr int threads_worth(signature const& s, int batch, int threads) {
  bool const dense = is_dense(s.does);
  if (!dense && !(s.does == work::nothing && s.strip.is_features())) return threads;
  constexpr double instructions_of_a_program = 16;  // about
  double const of_a_sample = dense ? static_cast<double>(padded(s.sizes.in.channels)) * blocks_of(s.sizes.out.channels)
                                   : instructions_of_a_program * blocks_of(s.strip.channels);
  return of_a_sample * batch < work_of_threads ? 1 : threads;
}

/// Inputs of a dense layer whose weight gradient is worth a thread, in whole packs.
template<class T, class Arch> constexpr int inputs_of_a_piece(int batch, int out) {
  double const work_of_a_pack = static_cast<double>(batch) * packed_channels * padded(out) / lanes<T, Arch>;
  return (static_cast<int>(work_of_a_piece / work_of_a_pack) + 1) * packed_channels;
}

/// The weight gradient of a dense layer, over all samples at once: a sum in parts would move a matrix that is larger
/// than what it is made of for each of them.
template<class T, class Arch> void dense_weight_gradient(run_state<T> const& state, step const& s, int) {
  int const in = s.code.sizes.in.channels, out = s.code.sizes.out.channels;
  int const piece = inputs_of_a_piece<T, Arch>(state.batch, out);
  parallel_for((in + piece - 1) / piece, threads_worth(s.code, state.batch, state.threads), [&](int p, int thread) {
    for (int first = p * piece; first < std::min(in, (p + 1) * piece); first += packed_channels)
      multiply_weight_gradient<T, Arch>(state.tensor(s.inputs[0], 0), state.tensors[s.inputs[0]].stride,
                                        state.tensor(s.inputs[1], 0), state.tensors[s.inputs[1]].stride,
                                        state.memory[s.node].weight_gradient, in, out, state.batch, first,
                                        own_memory(state, s, thread, load_sides));
  });
}

/// One unit of a step's work.
template<class T>
void run_unit(run_state<T> const& state, step const& s, step_code<T> const& code, unit<T> const& u, T* weight_part) {
  strip_operands<T> operands;
  bind(operands, state, s.store, s.code.strip, u, static_cast<T*>(nullptr));
  if (s.code.does == work::nothing) {
    output<T> const all{code.store, operands, nullptr};
    for (int n = 0; n < u.samples; ++n)
      for (int b = 0; b < blocks_of(operands.of.channels); ++b) all.finish({n, b, 0, operands.of.pixels()});
    return;
  }
  samples_of<T> const to{state.tensor(s.output, u.first), state.tensors[s.output].stride};
  auto const run = [&](prefetch_list* next) {
    output<T> const finish{code.store, operands, next};
    input<T> x(state, s, 0, u, code.load);
    if (code.inputs == 1) return code.run_kernel({state, s, u, x, x, to, finish, weight_part});
    input<T> y(state, s, 1, u, code.load);
    code.run_kernel({state, s, u, x, y, to, finish, weight_part});
  };
  if (is_dense(s.code.does)) return run(nullptr);
  long const strips = static_cast<long>(blocks_of(operands.of.channels)) * std::max(1, operands.of.height);
  int const first = u.first + u.samples;
  prefetch_list next;
  if (!u.last) next = tensors_of_next(state, s, first, std::min(u.samples, state.batch - first), u.samples * strips);
  run(&next);
}

/// Runs a step: its units in parallel, then the end of its sums. Not inlined: g++ would look at each step of a deep
/// network for something to gain.
template<class T> [[gnu::noinline]] void run_step(run_state<T> const& state, step const& s, step_code<T> const& code) {
  bool const sums_weights = sums_in_parts(s.code.does);
  int const samples = samples_per_unit(s.code), units = (state.batch + samples - 1) / samples;
  int const pieces = pieces_of(s.code, units, state.threads), all = units * pieces;
  int const parts = std::min(all, sums_weights ? weight_gradient_parts : parts_of_a_pass);
  int const threads = threads_worth(s.code, state.batch, state.threads);
  bool const adds_up = sums_weights && threads == 1;  // parts come in their order: two places are enough
  parallel_for(parts, threads, [&](int part, int thread) {
    T* const weight_part = state.weight_parts + (adds_up ? std::min(part, 1) : part) * state.weight_part_size;
    if (sums_weights && !starts_its_sums(s.code)) std::fill_n(weight_part, part_size(state, s), T(0));
    unit<T> u{.scratch = {own_memory(state, s, thread, 0), own_memory(state, s, thread, 1)},
              .work = own_memory(state, s, thread, load_sides)};
    int const begin = cut_evenly(all, parts, part), end = cut_evenly(all, parts, part + 1);
    for (int i = begin; i < end; ++i) {
      u.index = i / pieces, u.opens = i == begin, u.last = i + 1 == end;
      u.first = u.index * samples, u.samples = std::min(samples, state.batch - u.first);
      u.piece = piece_of(s.code, u.samples, i % pieces, pieces);
      run_unit(state, s, code, u, weight_part);
    }
    if (adds_up && part > 0) add_part(weight_part, state.weight_parts, 0, part_size(state, s));
  });
  if (code.end_weight_gradient) code.end_weight_gradient(state, s, adds_up ? 1 : parts);
  for (int r = 0; r < s.store.reductions.size; ++r)
    finish(state, s.store.reductions[r], state.sums + r * state.sums_size, units, samples);
  bool const sums_directly = s.code.does == work::convolve_back && s.code.weight_gradient == algorithm::direct;
  if (sums_directly || s.code.does == work::convolve_transposed_back)
    mask_groups(s.code.sizes, state.memory[s.node].weight_gradient);
}

}  // namespace laminate::kernels
