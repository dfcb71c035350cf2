// Runs one step: units of samples in parallel, load sides, the kernel, the store side, then what ends its reductions.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/convolve.hpp>
#include <laminate/kernels/finish.hpp>
#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/pool.hpp>
#include <laminate/kernels/prefetch.hpp>
#include <laminate/kernels/shuffle.hpp>
#include <laminate/kernels/strip.hpp>
#include <laminate/support/parallel.hpp>

namespace laminate::kernels {

/// One unit of a step's work: consecutive samples on one thread.
template<class T>
struct unit {
  int index = 0;
  int first = 0;  ///< sample
  int samples = 0;
  bool last = false;  ///< of its part: no unit follows on this thread
  std::array<T*, load_sides> scratch{};
};

/// A kernel's input for the samples of a unit.
template<class T>
struct samples_of {
  T* data = nullptr;
  long stride = 0;

  T* operator[](int sample) const { return data + sample * stride; }
};

/// Binds one side's slots for a unit.
template<class T>
strip_operands<T> bind(run_state<T> const& state, operands const& from, shape of, unit<T> const& u, T* scratch) {
  strip_operands<T> o;
  o.of = of;
  o.first_sample = u.first;
  for (int i = 0; i < from.tensors.size; ++i) {
    int const t = from.tensors[i];
    bool const own = t == operands::scratch;
    o.tensors[i] = own ? scratch : state.tensor(t, u.first);
    o.strides[i] = own ? stored_size(of) : state.tensors[t].stride;
  }
  for (int i = 0; i < from.channels.size; ++i) o.channels[i] = state.memory[from.channels[i].node][from.channels[i].vector];
  for (int i = 0; i < from.drops.size; ++i)
    o.drops[i] = {state.dropout_key, static_cast<std::uint32_t>(from.drops[i]), state.nodes[from.drops[i]].rate};
  for (int i = 0; i < from.reductions.size; ++i)
    o.sums[i] = state.sums + i * state.sums_size + static_cast<long>(u.index) * 3 * padded(of.channels);
  return o;
}

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
    int sample = 0;
    int done = 0;  ///< pixels of `sample` that are computed

    input(step_runner const& r, unit<T> const& u) {
      int const t = r.s.inputs[K];
      if (t == laminate::operands::scratch) data = {u.scratch[std::max(side, 0)], stored_size(of)};
      else data = {r.state.tensor(t, u.first), r.state.tensors[t].stride};
      if constexpr (side >= 0) operands = bind(r.state, r.s.load[side], of, u, u.scratch[side]);
    }

    void begin(int n) { sample = n, done = 0; }

    /// Computes what is missing of the first `pixels` of the sample, in strips long enough to be worth a call.
    void prepare([[maybe_unused]] int pixels) {
      if constexpr (side >= 0) {
        constexpr int least = 64;
        if (pixels <= done) return;
        int const end = std::min(of.pixels(), std::max(pixels, done + least));
        for (int b = 0; b < blocks_of(of.channels); ++b)
          run_program<S.load[side], Functions, T, Arch>(operands, strip{sample, b, done, end - done});
        done = end;
      }
    }
    T* all(int n) {
      if (n != sample) begin(n);
      prepare(of.pixels());
      return data[n];
    }
  };

  samples_of<T> output(unit<T> const& u) const {
    return {state.tensor(s.output, u.first), state.tensors[s.output].stride};
  }

  void run_unit(unit<T> const& u, [[maybe_unused]] T* weight_part) const {
    auto const o = bind(state, s.store, S.strip, u, static_cast<T*>(nullptr));
    auto const finish_strip = [&o](strip const& at) {
      if constexpr (!S.store.empty()) run_program<S.store, Store, T, Arch>(o, at);
    };
    if constexpr (S.does == work::nothing) {
      for (int n = 0; n < u.samples; ++n)
        for (int b = 0; b < blocks_of(S.strip.channels); ++b) finish_strip({n, b, 0, S.strip.pixels()});
    } else if constexpr (S.does == work::multiply || S.does == work::multiply_back) {
      run_dense(u, weight_part, finish_strip);
    } else {
      constexpr long strips = static_cast<long>(blocks_of(S.strip.channels)) * std::max(1, S.strip.height);
      auto next = u.last ? prefetch_list{} : tensors_of_next(state, s, u.first + 1, strips);
      input<0> x(*this, u);
      input<std::min(1, inputs - 1)> y(*this, u);
      input<std::min(2, inputs - 1)> z(*this, u);
      for (int n = 0; n < u.samples; ++n) {
        x.begin(n), y.begin(n), z.begin(n);
        auto const finish = [&](int block, int pixel, int count) {
          next.some();
          finish_strip({n, block, pixel, count});
        };
        if constexpr (S.does == work::convolve || S.does == work::convolve_back)
          run_convolution(n, x, y, u, weight_part, finish);
        else
          run_image(n, x, y, z, u, finish);
      }
    }
  }

  static constexpr int inputs = S.does == work::max_pool_back                                          ? 3
                                : yields_weight_gradient(S.does) || S.does == work::concatenate ? 2
                                                                                                 : 1;

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
  template<class X, class Y, class Finish>
  void run_convolution(int n, X& x, Y& d, unit<T> const& u, [[maybe_unused]] T* weight_part, Finish&& finish) const {
    node_memory<T> const& m = state.memory[s.node];
    constexpr sliding G = S.sizes;
    T* const to = output(u)[n];
    if constexpr (S.does == work::convolve) {
      convolve<T, Arch, G, S.input>(x.data[n], m.weight, to, [&](int rows) { x.prepare(rows * G.in.width); }, finish);
      x.all(n);  // a kernel with a stride may have left out the last rows, which others need
    } else {
      auto const prepare = [&](int rows) { d.prepare(rows * G.out.width); };
      if (wants_data_gradient()) convolve_data_gradient<T, Arch, G>(d.data[n], m.transposed, to, prepare, finish);
      convolve_weight_gradient<T, Arch, G, S.input>(x.all(n), d.all(n), weight_part);
    }
  }

  // Pools and shuffles.
  template<class X, class Y, class Z, class Finish>
  void run_image(int n, X& first, Y& second, Z& third, unit<T> const& u, Finish&& finish) const {
    constexpr sliding G = S.sizes;
    T* const to = output(u)[n];
    T const* const x = first.all(n);
    [[maybe_unused]] T const* const y = inputs > 1 ? second.all(n) : nullptr;
    [[maybe_unused]] T const* const z = inputs > 2 ? third.all(n) : nullptr;
    if constexpr (S.does == work::max_pool) {
      max_pool<T, Arch>(G, x, to, finish);
    } else if constexpr (S.does == work::max_pool_back) {
      max_pool_gradient<T, Arch>(G, x, y, z, to, finish);
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

  T* own_scratch(int thread, int load) const {
    T* at = state.scratch + thread * state.scratch_size;
    for (int k = 0; k < 3; ++k)
      if (S.fed_by[k] >= 0 && S.fed_by[k] < load && s.inputs[k] == operands::scratch)
        at += static_cast<long>(aligned(stored_size(input_shape(S, k)))) * samples;
    return at;
  }

  void run() const {
    int const units = (state.batch + samples - 1) / samples;
    constexpr bool sums_weights = yields_weight_gradient(S.does);
    int const parts = std::min(units, sums_weights ? weight_gradient_parts : parts_of_a_pass);
    parallel_for(parts, state.threads, [&](int part, int thread) {
      T* const weight_part = state.weight_parts + part * state.weight_part_size;
      if constexpr (sums_weights) std::fill_n(weight_part, state.memory[s.node].weights, T(0));
      int const end = static_cast<int>(static_cast<long>(part + 1) * units / parts);
      for (int i = static_cast<int>(static_cast<long>(part) * units / parts); i < end; ++i)
        run_unit({i, i * samples, std::min(samples, state.batch - i * samples), i + 1 == end,
                  {own_scratch(thread, 0), own_scratch(thread, 1)}},
                 weight_part);
    });
    if constexpr (sums_weights) add_weight_parts(parts);
    for (int r = 0; r < s.store.reductions.size; ++r)
      finish(state, s.store.reductions[r], state.sums + r * state.sums_size, units, samples);
  }

  // The parts are added in their order, so the gradient does not depend on the number of threads.
  void add_weight_parts(int parts) const {
    node_memory<T> const& m = state.memory[s.node];
    constexpr long piece = 4096;
    int const pieces = static_cast<int>((m.weights + piece - 1) / piece);
    parallel_for(pieces, state.threads, [&](int p, int) {
      long const first = p * piece, size = std::min(piece, m.weights - first);
      T* const sum = m.weight_gradient + first;
      std::copy_n(state.weight_parts + first, size, sum);
      for (int part = 1; part < parts; ++part) {
        T const* const from = state.weight_parts + part * state.weight_part_size + first;
        for (long i = 0; i < size; ++i) sum[i] += from[i];
      }
    });
    if constexpr (S.does == work::convolve_back) mask_groups<S.sizes>(m.weight_gradient);
  }
};

/// Runs a step: the only place where a plan's values become code.
template<signature S, class FirstLoad, class SecondLoad, class Store, class T, class Arch>
void run_step(run_state<T> const& state, step const& s) {
  step_runner<S, FirstLoad, SecondLoad, Store, T, Arch>{state, s}.run();
}

}  // namespace laminate::kernels
