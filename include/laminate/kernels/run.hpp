// The code of one step: load sides, the kernel, the store side.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/convolve.hpp>
#include <laminate/kernels/input.hpp>
#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/prefetch.hpp>
#include <laminate/kernels/run_image.hpp>
#include <laminate/kernels/units.hpp>
#include <laminate/kernels/winograd/weight_gradient.hpp>

namespace laminate::kernels {

/// One step of signature S. The activations of each side's program come along as types, and so does the Layer whose own
/// loops are the kernel.
template<signature S, class Layer, class FirstLoad, class SecondLoad, class Store, class T, class Arch>
struct step_runner {
  run_state<T> const& state;
  step const& s;

  static constexpr int samples = samples_per_unit(S);

  /// Input K of the kernel for a unit.
  template<int K> auto input(unit<T> const& u) const {
    constexpr int side = S.fed_by[K];
    constexpr shape of = input_shape(S, K);
    int const t = s.inputs[K];
    samples_of<T> const data = t == operands::scratch
                                   ? samples_of<T>{u.scratch[std::max(side, 0)], stored_size(of)}
                                   : samples_of<T>{state.tensor(t, u.first), state.tensors[t].stride};
    if constexpr (side < 0) {
      return stored_input<T>{data};
    } else {
      using functions = std::conditional_t<side == 0, FirstLoad, SecondLoad>;
      auto const operands = bind(state, s.load[side], of, u, u.scratch[side]);
      return computed_input<S.load[side], functions, of, samples, T, Arch>{data, operands};
    }
  }

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
      auto x = input<0>(u);
      auto y = input < has_two_inputs<S, Layer> ? 1 : 0 > (u);
      if constexpr (S.does == work::convolve) {
        run_convolution(x, u, finish);
      } else if constexpr (S.does == work::convolve_back) {
        if (wants_data_gradient()) run_data_gradient(y, u, finish);
        run_weight_gradient(x, y, u, weight_part);
      } else if constexpr (S.does == work::convolve_transposed) {
        run_transposed(x, u, finish);
      } else if constexpr (S.does == work::convolve_transposed_back) {
        run_transposed_back(x, y, u, weight_part, finish);
      } else {
        image_runner<S, Layer, T, Arch> const image{state, s.node, o.sums[0]};
        for (int n = 0; n < u.samples; ++n)
          image.run(n, x.all(n), has_two_inputs<S, Layer> ? y.all(n) : nullptr, output(u)[n],
                    [&](int block, int pixel, int count) { finish(n, block, pixel, count); });
      }
    }
  }

  bool wants_data_gradient() const { return !s.optional || state.wants_input_gradient; }

  template<class Finish>
  void run_dense(unit<T> const& u, [[maybe_unused]] T* weight_part, Finish&& finish_strip) const {
    constexpr int in = S.sizes.in.channels, out = S.sizes.out.channels;
    auto const finish = [&](int sample, int block) { finish_strip({sample, block, 0, 1}); };
    auto first = input<0>(u);
    for (int n = 0; n < u.samples; ++n) first.all(n);
    samples_of<T> const x = first.data, to = output(u);
    node_memory<T> const& m = state.memory[s.node];
    if constexpr (S.does == work::multiply) {
      multiply<T, Arch>(x.data, x.stride, m.weight, to.data, to.stride, in, out, u.samples, finish);
    } else {
      auto second = input<1>(u);
      for (int n = 0; n < u.samples; ++n) second.all(n);
      samples_of<T> const d = second.data;
      multiply_weight_gradient<T, Arch>(x.data, x.stride, d.data, d.stride, weight_part, in, out, u.samples);
      if (wants_data_gradient())
        multiply_data_gradient<T, Arch>(d.data, d.stride, m.transposed, to.data, to.stride, in, out, u.samples, finish);
    }
  }

  // What a load side makes is computed row by row, right before the kernel reads it.
  template<class X, class Finish> void run_convolution(X& x, unit<T> const& u, Finish&& finish) const {
    constexpr sliding G = S.sizes;
    node_memory<T> const& m = state.memory[s.node];
    samples_of<T> const to = output(u);
    if constexpr (S.by == algorithm::direct) {
      for (int n = 0; n < u.samples; ++n) {
        convolve<T, Arch, G, S.input>(
            x.data[n], m.weight, to[n], [&](int rows) { x.prepare(n, rows * G.in.width); },
            [&](int block, int pixel, int count) { finish(n, block, pixel, count); },
            {u.piece.rows.begin, std::min(u.piece.rows.end, G.out.height)});
        x.all(n);  // a kernel with a stride may have left out the last rows, which others need
      }
    } else {
      convolve_by_tiles<T, Arch, G, S.by>([&](int n, int rows) { return x.prepare(n, rows * G.in.width); },
                                          m.tile_weight, [&](int n) { return to[n]; }, u.samples, u.work, finish,
                                          u.piece);
    }
  }

  template<class D, class Finish> void run_data_gradient(D& d, unit<T> const& u, Finish&& finish) const {
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

  template<class X, class D> void run_weight_gradient(X& x, D& d, unit<T> const& u, T* weight_part) const {
    constexpr sliding G = S.sizes;
    if constexpr (S.weight_gradient == algorithm::direct) {
      for (int n = 0; n < u.samples; ++n)
        convolve_weight_gradient<T, Arch, G, S.input>(x.all(n), d.all(n), weight_part);
    } else {
      add_weight_gradient_by_tiles<T, Arch, G, S.weight_gradient>(
          [&](int n) { return x.all(n); }, [&](int n) { return d.all(n); }, weight_part, u.samples, u.work);
    }
  }

  template<class X, class Finish> void run_transposed(X& x, unit<T> const& u, Finish&& finish) const {
    constexpr sliding G = S.sizes;
    samples_of<T> const to = output(u);
    for (int n = 0; n < u.samples; ++n) {
      convolve_transposed<T, Arch, G>(
          x.data[n], state.memory[s.node].weight, to[n], [&](int rows) { x.prepare(n, rows * G.in.width); },
          [&](int block, int pixel, int count) { finish(n, block, pixel, count); });
      x.all(n);  // padding may have left out the last rows
    }
  }

  template<class X, class D, class Finish>
  void run_transposed_back(X& x, D& d, unit<T> const& u, T* weight_part, Finish&& finish) const {
    constexpr sliding G = S.sizes;
    samples_of<T> const to = output(u);
    for (int n = 0; n < u.samples; ++n) {
      if (wants_data_gradient())
        convolve_transposed_data_gradient<T, Arch, G>(
            d.data[n], state.memory[s.node].transposed, to[n], [&](int rows) { d.prepare(n, rows * G.out.width); },
            [&](int block, int pixel, int count) { finish(n, block, pixel, count); });
      convolve_transposed_weight_gradient<T, Arch, G>(x.all(n), d.all(n), weight_part);
    }
  }
};

/// What ends a step's sum of weight gradients; null where it has none.
template<signature S, class T, class Arch> constexpr auto joining() -> decltype(step_code<T>::join_weight_parts) {
  if constexpr (S.does == work::convolve_transposed_back)
    return join_transposed_weight_parts<T>;
  else if constexpr (yields_weight_gradient(S.does))
    return join_weight_parts<S.weight_gradient, T, Arch>;
  else
    return nullptr;
}

/// Runs a step: the only place where a plan's values become code.
template<signature S, class Layer, class FirstLoad, class SecondLoad, class Store, class T, class Arch>
void run_step(run_state<T> const& state, step const& s) {
  constexpr step_code<T> code{
      [](run_state<T> const& in, step const& now, unit<T> const& u, T* weight_part) {
        step_runner<S, Layer, FirstLoad, SecondLoad, Store, T, Arch>{in, now}.run_unit(u, weight_part);
      },
      joining<S, T, Arch>()};
  run_units(state, s, code);
  constexpr bool sums_directly = S.does == work::convolve_back && S.weight_gradient == algorithm::direct;
  if constexpr (sums_directly || S.does == work::convolve_transposed_back)
    mask_groups<S.sizes>(state.memory[s.node].weight_gradient);
}

}  // namespace laminate::kernels
