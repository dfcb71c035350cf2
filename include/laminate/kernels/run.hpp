// Runs one step: units of samples in parallel, load sides, the kernel, the store side, then what ends its reductions.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/convolve.hpp>
#include <laminate/kernels/finish.hpp>
#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/pool.hpp>
#include <laminate/kernels/prefetch.hpp>
#include <laminate/kernels/shuffle.hpp>
#include <laminate/kernels/unit.hpp>
#include <laminate/kernels/winograd/weight_gradient.hpp>
#include <laminate/kernels/winograd/weights.hpp>
#include <laminate/support/parallel.hpp>

namespace laminate::kernels {

/// One step of signature S. The activations of each side's program come along as types.
template<signature S, class FirstLoad, class SecondLoad, class Store, class T, class Arch>
struct step_runner {
  run_state<T> const& state;
  step const& s;

  static constexpr int samples = samples_per_unit(S);

  /// Input K of the kernel for a unit: found in the arena, or computed on the spot by a load side.
  template<int K>
  struct input {
    static constexpr int side = S.fed_by[K];
    static constexpr shape of = input_shape(S, K);
    using Functions = std::conditional_t<side == 0, FirstLoad, SecondLoad>;

    samples_of<T> data;
    strip_operands<T> operands;
    std::array<int, samples> done{};  ///< pixels of each sample that are computed

    input(step_runner const& r, unit<T> const& u) {
      int const t = r.s.inputs[K];
      if (t == laminate::operands::scratch) data = {u.scratch[std::max(side, 0)], stored_size(of)};
      else data = {r.state.tensor(t, u.first), r.state.tensors[t].stride};
      if constexpr (side >= 0) operands = bind(r.state, r.s.load[side], of, u, u.scratch[side]);
    }

    /// Computes what is missing of the first `pixels` of sample n, in strips long enough to be worth a call.
    T* prepare(int n, [[maybe_unused]] int pixels) {
      if constexpr (side >= 0) {
        constexpr int least = 64;
        int const begin = done[n];
        if (pixels > begin) {
          int const end = std::min(of.pixels(), std::max(pixels, begin + least));
          for (int b = 0; b < blocks_of(of.channels); ++b)
            run_program<S.load[side], Functions, T, Arch>(operands, strip{n, b, begin, end - begin});
          done[n] = end;
        }
      }
      return data[n];
    }
    T* all(int n) { return prepare(n, of.pixels()); }
  };

  samples_of<T> output(unit<T> const& u) const {
    return {state.tensor(s.output, u.first), state.tensors[s.output].stride};
  }

  void run_unit(unit<T> const& u, [[maybe_unused]] T* weight_part) const {
    [[maybe_unused]] auto const o = bind(state, s.store, S.strip, u, static_cast<T*>(nullptr));
    auto const finish_strip = [&]([[maybe_unused]] strip const& at) {
      if constexpr (!S.store.empty()) run_program<S.store, Store, T, Arch>(o, at);
    };
    if constexpr (S.does == work::nothing) {
      for (int n = 0; n < u.samples; ++n)
        for (int b = 0; b < blocks_of(S.strip.channels); ++b) finish_strip({n, b, 0, S.strip.pixels()});
    } else if constexpr (S.does == work::multiply || S.does == work::multiply_back) {
      run_dense(u, weight_part, finish_strip);
    } else {
      constexpr long strips = static_cast<long>(blocks_of(S.strip.channels)) * std::max(1, S.strip.height);
      int const first = u.first + samples;
      auto next = u.last ? prefetch_list{}
                         : tensors_of_next(state, s, first, std::min(samples, state.batch - first), samples * strips);
      auto const finish = [&](int sample, int block, int pixel, int count) {
        next.some();
        finish_strip({sample, block, pixel, count});
      };
      input<0> x(*this, u);
      input<has_two_inputs ? 1 : 0> y(*this, u);
      if constexpr (S.does == work::convolve) {
        run_convolution(x, u, finish);
      } else if constexpr (S.does == work::convolve_back) {
        if (wants_data_gradient()) run_data_gradient(y, u, finish);
        run_weight_gradient(x, y, u, weight_part);
      } else {
        for (int n = 0; n < u.samples; ++n)
          run_image(n, x, y, u, [&](int block, int pixel, int count) { finish(n, block, pixel, count); });
      }
    }
  }

  static constexpr bool has_two_inputs =
      yields_weight_gradient(S.does) || S.does == work::max_pool_back || S.does == work::concatenate;

  bool wants_data_gradient() const { return !s.optional || state.wants_input_gradient; }

  template<class Finish>
  void run_dense(unit<T> const& u, [[maybe_unused]] T* weight_part, Finish&& finish_strip) const {
    constexpr int in = S.sizes.in.channels, out = S.sizes.out.channels;
    auto const finish = [&](int sample, int block) { finish_strip({sample, block, 0, 1}); };
    input<0> first(*this, u);
    for (int n = 0; n < u.samples; ++n) first.all(n);
    samples_of<T> const x = first.data, to = output(u);
    node_memory<T> const& m = state.memory[s.node];
    if constexpr (S.does == work::multiply) {
      multiply<T, Arch>(x.data, x.stride, m.weight, to.data, to.stride, in, out, u.samples, finish);
    } else {
      input<1> second(*this, u);
      for (int n = 0; n < u.samples; ++n) second.all(n);
      samples_of<T> const d = second.data;
      multiply_weight_gradient<T, Arch>(x.data, x.stride, d.data, d.stride, weight_part, in, out, u.samples);
      if (wants_data_gradient())
        multiply_data_gradient<T, Arch>(d.data, d.stride, m.transposed, to.data, to.stride, in, out, u.samples, finish);
    }
  }

  // What a load side makes is computed row by row, right before the kernel reads it.
  template<class X, class Finish>
  void run_convolution(X& x, unit<T> const& u, Finish&& finish) const {
    constexpr sliding G = S.sizes;
    node_memory<T> const& m = state.memory[s.node];
    samples_of<T> const to = output(u);
    if constexpr (S.by == algorithm::direct) {
      for (int n = 0; n < u.samples; ++n) {
        convolve<T, Arch, G, S.input>(
            x.data[n], m.weight, to[n], [&](int rows) { x.prepare(n, rows * G.in.width); },
            [&](int block, int pixel, int count) { finish(n, block, pixel, count); });
        x.all(n);  // a kernel with a stride may have left out the last rows, which others need
      }
    } else {
      convolve_by_tiles<T, Arch, G, S.by>([&](int n, int rows) { return x.prepare(n, rows * G.in.width); }, m.tile_weight,
                                          [&](int n) { return to[n]; }, u.samples, u.work, finish);
    }
  }

  template<class D, class Finish>
  void run_data_gradient(D& d, unit<T> const& u, Finish&& finish) const {
    constexpr sliding G = S.sizes;
    node_memory<T> const& m = state.memory[s.node];
    samples_of<T> const to = output(u);
    if constexpr (S.by == algorithm::direct) {
      for (int n = 0; n < u.samples; ++n)
        convolve_data_gradient<T, Arch, G>(
            d.data[n], m.transposed, to[n], [&](int rows) { d.prepare(n, rows * G.out.width); },
            [&](int block, int pixel, int count) { finish(n, block, pixel, count); });
    } else {
      convolve_by_tiles<T, Arch, backwards(G), S.by>([&](int n, int rows) { return d.prepare(n, rows * G.out.width); },
                                                     m.tile_transposed, [&](int n) { return to[n]; }, u.samples, u.work,
                                                     finish);
    }
  }

  template<class X, class D>
  void run_weight_gradient(X& x, D& d, unit<T> const& u, T* weight_part) const {
    constexpr sliding G = S.sizes;
    if constexpr (S.weight_gradient == algorithm::direct) {
      for (int n = 0; n < u.samples; ++n) convolve_weight_gradient<T, Arch, G, S.input>(x.all(n), d.all(n), weight_part);
    } else {
      add_weight_gradient_by_tiles<T, Arch, G, S.weight_gradient>([&](int n) { return x.all(n); },
                                                                  [&](int n) { return d.all(n); }, weight_part, u.samples,
                                                                  u.work);
    }
  }

  // Pools and shuffles.
  template<class X, class Y, class Finish>
  void run_image(int n, X& first, Y& second, unit<T> const& u, Finish&& finish) const {
    constexpr sliding G = S.sizes;
    T* const to = output(u)[n];
    T const* const x = first.all(n);
    [[maybe_unused]] T const* const y = has_two_inputs ? second.all(n) : nullptr;
    if constexpr (S.does == work::max_pool) {
      max_pool<T, Arch>(G, x, to, finish);
    } else if constexpr (S.does == work::max_pool_back) {
      max_pool_gradient<T, Arch>(G, x, y, to, finish);
    } else if constexpr (S.does == work::average_pool) {
      average_pool<T, Arch>(G, x, to, finish);
    } else if constexpr (S.does == work::average_pool_back) {
      average_pool_gradient<T, Arch>(G, x, to, finish);
    } else if constexpr (S.does == work::global_average_pool) {
      global_average_pool<T, Arch>(G.in, x, to, finish);
    } else if constexpr (S.does == work::global_average_pool_back) {
      global_average_pool_gradient<T, Arch>(G.in, x, to, finish);
    } else {
      shuffle(x, y, to);
      for (int b = 0; b < blocks_of(S.strip.channels); ++b) finish(b, 0, S.strip.pixels());
    }
  }

  static void shuffle(T const* x, [[maybe_unused]] T const* y, T* to) {
    constexpr int first = S.sizes.in.channels, all = S.sizes.out.channels;
    constexpr long pixels = S.strip.pixels();
    if constexpr (S.does == work::flatten) kernels::flatten(x, to, S.sizes.in);
    if constexpr (S.does == work::unflatten) kernels::unflatten(x, to, S.sizes.in);
    if constexpr (S.does == work::concatenate) {
      copy_channels(x, 0, to, 0, first, pixels);
      copy_channels(y, 0, to, first, all - first, pixels);
    }
    if constexpr (S.does == work::slice)
      copy_channels(x, S.part == 0 ? 0 : all - S.strip.channels, to, 0, S.strip.channels, pixels);
  }

  /// A thread's own memory: what the load sides make, in their order, and then the kernel's.
  T* own_memory(int thread, int load) const {
    T* at = state.scratch + thread * state.scratch_size;
    for (int k = 0; k < 3; ++k)
      if (S.fed_by[k] >= 0 && S.fed_by[k] < load) at += scratch_size(S, k, s.inputs[k] == operands::scratch);
    return at;
  }

  static constexpr bool sums_weights = yields_weight_gradient(S.does);
  /// Scalars of one part of the weight gradient's sum.
  long part_size() const {
    if constexpr (S.weight_gradient == algorithm::direct) return state.memory[s.node].weights;
    else return transformed_size(S.sizes.in.channels, S.sizes.out.channels, S.weight_gradient);
  }

  void run() const {
    int const units = (state.batch + samples - 1) / samples;
    int const parts = std::min(units, sums_weights ? weight_gradient_parts : parts_of_a_pass);
    parallel_for(parts, state.threads, [&](int part, int thread) {
      T* const weight_part = state.weight_parts + part * state.weight_part_size;
      if constexpr (sums_weights) std::fill_n(weight_part, part_size(), T(0));
      int const end = static_cast<int>(static_cast<long>(part + 1) * units / parts);
      for (int i = static_cast<int>(static_cast<long>(part) * units / parts); i < end; ++i)
        run_unit({i, i * samples, std::min(samples, state.batch - i * samples), i + 1 == end,
                  {own_memory(thread, 0), own_memory(thread, 1)}, own_memory(thread, load_sides)},
                 weight_part);
    });
    if constexpr (sums_weights) add_weight_parts(parts);
    for (int r = 0; r < s.store.reductions.size; ++r)
      finish(state, s.store.reductions[r], state.sums + r * state.sums_size, units, samples);
  }

  // The parts are added in their order, so the gradient does not depend on the number of threads.
  void add_weight_parts(int parts) const {
    node_memory<T> const& m = state.memory[s.node];
    constexpr bool direct = S.weight_gradient == algorithm::direct;
    T* const sum = direct ? m.weight_gradient : state.weight_parts;
    in_pieces(part_size(), 4096, [&](long first, long size) {
      if (direct) std::copy_n(state.weight_parts + first, size, sum + first);
      for (int part = 1; part < parts; ++part) {
        T const* const from = state.weight_parts + part * state.weight_part_size;
        for (long i = first; i < first + size; ++i) sum[i] += from[i];
      }
    });
    if constexpr (S.does == work::convolve_back && direct) mask_groups<S.sizes>(m.weight_gradient);
    if constexpr (!direct) {
      constexpr int in = S.sizes.in.channels, out = S.sizes.out.channels;
      in_pieces(static_cast<long>(blocks_of(in)) * blocks_of(out), 1, [&](long first, long size) {
        transform_weight_gradient<T, Arch, outputs_per_tile(S.weight_gradient)>(sum, m.weight_gradient, in, out, first,
                                                                                first + size);
      });
    }
  }

  template<class Body>
  void in_pieces(long size, long piece, Body&& body) const {
    parallel_for(static_cast<int>((size + piece - 1) / piece), state.threads,
                 [&](int p, int) { body(p * piece, std::min(piece, size - p * piece)); });
  }
};

/// Runs a step: the only place where a plan's values become code.
template<signature S, class FirstLoad, class SecondLoad, class Store, class T, class Arch>
void run_step(run_state<T> const& state, step const& s) {
  step_runner<S, FirstLoad, SecondLoad, Store, T, Arch>{state, s}.run();
}

}  // namespace laminate::kernels
