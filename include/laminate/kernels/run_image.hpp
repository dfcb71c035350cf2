// The kernels that look at one sample at a time, by what a step does.
#pragma once

#include <algorithm>
#include <laminate/fusion/step.hpp>
#include <laminate/kernels/custom.hpp>
#include <laminate/kernels/layer_norm.hpp>
#include <laminate/kernels/pool.hpp>
#include <laminate/kernels/scale.hpp>
#include <laminate/kernels/shuffle.hpp>
#include <laminate/kernels/units.hpp>
#include <laminate/kernels/upsample.hpp>

namespace laminate::kernels {

using fusion::work;

/// Whether a step's kernel reads two tensors.
template<fusion::signature S, class Layer>
inline constexpr bool has_two_inputs = reads_two(S.does) ||
                                       (S.does == work::custom_back && gradient_reads_input<Layer>);

/// The kernels that move numbers.
template<work Does, class T>
void move_image(fusion::signature const& s, T const* x, [[maybe_unused]] T const* y, T* to) {
  [[maybe_unused]] int const first = s.sizes.in.channels, all = s.sizes.out.channels;
  [[maybe_unused]] long const pixels = s.strip.pixels();
  if constexpr (Does == work::flatten) flatten(x, to, s.sizes.in);
  if constexpr (Does == work::unflatten) unflatten(x, to, s.sizes.in);
  if constexpr (Does == work::concatenate) {
    copy_channels(x, 0, to, 0, first, pixels);
    copy_channels(y, 0, to, first, all - first, pixels);
  }
  if constexpr (Does == work::slice) {
    copy_channels(x, s.part == 0 ? 0 : all - s.strip.channels, to, 0, s.strip.channels, pixels);
    clear_padding(to, s.strip.channels, pixels);
  }
}

/// Such a kernel K on sample n of the unit.
template<fusion::signature K, class Layer, class T, class Arch> void run_image(task<T> const& of, int n) {
  fusion::signature const& s = of.s.code;
  sliding const& g = s.sizes;
  T const *const x = of.x.all(n), *const y = of.y.all(n);
  T* const to = of.to[n];
  auto const finish = of.finish.strips_of(n);
  if constexpr (K.does == work::max_pool) {
    max_pool<T, Arch>(g, x, to, finish);
  } else if constexpr (K.does == work::max_pool_back) {
    max_pool_gradient<T, Arch>(g, x, y, to, finish);
  } else if constexpr (K.does == work::average_pool) {
    average_pool<T, Arch>(g, x, to, finish);
  } else if constexpr (K.does == work::average_pool_back) {
    average_pool_gradient<T, Arch>(g, x, to, finish);
  } else if constexpr (K.does == work::global_average_pool) {
    global_average_pool<T, Arch>(g.in, x, to, finish);
  } else if constexpr (K.does == work::global_average_pool_back) {
    global_average_pool_gradient<T, Arch>(g.in, x, to, finish);
  } else if constexpr (K.does == work::upsample) {
    upsample<T, Arch, K.sizes.how>(g, x, to, finish);
  } else if constexpr (K.does == work::upsample_back) {
    upsample_gradient<T, Arch, K.sizes.how>(g, x, to, finish);
  } else if constexpr (K.does == work::layer_norm) {
    node_memory<T> const& m = of.state.memory[of.s.node];
    layer_norm<T, Arch>(g.in, of.state.nodes[of.s.node].epsilon, x, m.scale, m.shift, to, finish);
  } else if constexpr (K.does == work::layer_norm_back) {
    T* const sums = of.finish.operands.sums[0];
    if (n == 0) std::fill_n(sums, 2 * padded(g.in.channels), T(0));
    layer_norm_gradient<T, Arch>(g.in, of.state.nodes[of.s.node].epsilon, x, y, of.state.memory[of.s.node].scale, to,
                                 sums, finish);
  } else if constexpr (K.does == work::scale_channels) {
    scale_channels<T, Arch>(g.in, x, y, to, finish);
  } else if constexpr (K.does == work::factor_gradient) {
    factor_gradient<T, Arch>(g.in, x, y, to, finish);
  } else {
    if constexpr (K.does == work::custom)
      custom_forward<Layer>(g, x, to);
    else if constexpr (K.does == work::custom_back)
      custom_gradient<Layer>(g, x, y, to);
    else
      move_image<K.does>(s, x, y, to);
    for (int b = 0; b < blocks_of(s.strip.channels); ++b) finish(b, 0, s.strip.pixels());
  }
}

}  // namespace laminate::kernels
