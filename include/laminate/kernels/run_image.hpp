// The kernels that look at one sample at a time, by what a step does.
#pragma once

#include <algorithm>
#include <laminate/fusion/step.hpp>
#include <laminate/kernels/custom.hpp>
#include <laminate/kernels/layer_norm.hpp>
#include <laminate/kernels/pool.hpp>
#include <laminate/kernels/scale.hpp>
#include <laminate/kernels/shuffle.hpp>
#include <laminate/kernels/state.hpp>
#include <laminate/kernels/upsample.hpp>

namespace laminate::kernels {

/// Whether a step's kernel reads two tensors.
template<signature S, class Layer>
inline constexpr bool has_two_inputs = reads_two(S.does) ||
                                       (S.does == work::custom_back && gradient_reads_input<Layer>);

/// Such a kernel, of signature S. `sums` are its own, of the unit of work.
template<signature S, class Layer, class T, class Arch> struct image_runner {
  run_state<T> const& state;
  int node;
  T* sums;

  /// Sample n of the unit: `to` from x, and from y where there are two inputs.
  template<class Finish>
  void run([[maybe_unused]] int n, T const* x, [[maybe_unused]] T const* y, T* to, Finish&& finish) const {
    constexpr sliding G = S.sizes;
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
    } else if constexpr (S.does == work::upsample) {
      upsample<T, Arch, G.how>(G, x, to, finish);
    } else if constexpr (S.does == work::upsample_back) {
      upsample_gradient<T, Arch, G.how>(G, x, to, finish);
    } else if constexpr (S.does == work::layer_norm) {
      node_memory<T> const& m = state.memory[node];
      layer_norm<T, Arch>(G.in, state.nodes[node].epsilon, x, m.scale, m.shift, to, finish);
    } else if constexpr (S.does == work::layer_norm_back) {
      if (n == 0) std::fill_n(sums, 2 * padded(G.in.channels), T(0));
      layer_norm_gradient<T, Arch>(G.in, state.nodes[node].epsilon, x, y, state.memory[node].scale, to, sums, finish);
    } else if constexpr (S.does == work::scale_channels) {
      scale_channels<T, Arch>(G.in, x, y, to, finish);
    } else if constexpr (S.does == work::factor_gradient) {
      factor_gradient<T, Arch>(G.in, x, y, to, finish);
    } else {
      if constexpr (S.does == work::custom)
        custom_forward<Layer>(G, x, to);
      else if constexpr (S.does == work::custom_back)
        custom_gradient<Layer>(G, x, y, to);
      else
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
};

}  // namespace laminate::kernels
