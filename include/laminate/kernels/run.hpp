// A step's code: its kernel for a unit of samples, and the programs of its load and store sides.
#pragma once

#include <algorithm>
#include <laminate/kernels/convolve/convolve.hpp>
#include <laminate/kernels/prepared_weights.hpp>
#include <laminate/kernels/run_image.hpp>
#include <laminate/kernels/units.hpp>
#include <laminate/kernels/winograd/weight_gradient.hpp>

namespace laminate::kernels {

// Kernels of signature K on a unit of samples.

template<fusion::signature K, class T, class Arch> void run_convolution(task<T> const& of) {
  sliding const& g = of.s.code.sizes;
  node_memory<T> const& m = of.state.memory[of.s.node];
  if constexpr (K.by == algorithm::direct) {
    span_of const rows = of.u.piece.rows;
    for (int n = 0; n < of.u.samples; ++n) {
      convolve<T, Arch, K.sizes, K.input>(of.x.data[n], m.weight, of.to[n], of.x.rows_of(n, g.in.width),
                                          of.finish.strips_of(n), {rows.begin, std::min(rows.end, g.out.height)});
      of.x.all(n);  // a kernel with a stride may have left out the last rows, which others need
    }
  } else {
    convolve_by_tiles<T, Arch, tile_kind_of(K.sizes, K.by)>(g, tiling_of(g, K.by), of.x.rows(g.in.width), m.tile_weight,
                                                            of.to, of.u.samples, of.u.work, of.finish.strips(),
                                                            of.u.piece, of.finish.next);
  }
}

template<fusion::signature K, class T, class Arch> void run_data_gradient(task<T> const& of) {
  sliding const& g = of.s.code.sizes;
  node_memory<T> const& m = of.state.memory[of.s.node];
  if constexpr (K.by == algorithm::direct) {
    for (int n = 0; n < of.u.samples; ++n) {
      auto const prepare = of.y.rows_of(n, g.out.width);
      if constexpr (sums_few<T, Arch>(K.sizes))
        convolve_few_data_gradient<T, Arch, K.sizes>(of.y.data[n], m.weight, of.to[n], prepare, of.finish.strips_of(n));
      else
        convolve_data_gradient<T, Arch, K.sizes>(of.y.data[n], m.transposed, of.to[n], prepare, of.finish.strips_of(n));
    }
  } else {
    sliding const back = backwards(g);
    convolve_by_tiles<T, Arch, tile_kind_of(backwards(K.sizes), K.by)>(
        back, tiling_of(back, K.by), of.y.rows(g.out.width), m.transposed_tile_weight, of.to, of.u.samples, of.u.work,
        of.finish.strips(), {}, of.finish.next);
  }
}

template<fusion::signature K, class T, class Arch> void run_weight_gradient(task<T> const& of) {
  if constexpr (K.weight_gradient == algorithm::direct) {
    for (int n = 0; n < of.u.samples; ++n)
      convolve_weight_gradient<T, Arch, K.sizes, K.input>(of.x.all(n), of.y.all(n), of.weight_part);
  } else {
    sliding const& g = of.s.code.sizes;
    constexpr tile_kind by = tile_kind_of(K.sizes, K.weight_gradient);
    add_weight_gradient_by_tiles<T, Arch, by, K.sizes.in.channels % channel_block>(
        g, tiling_of(g, K.weight_gradient), of.x.whole(), of.y.whole(), of.weight_part, of.u.samples, of.u.work,
        of.u.opens);
  }
}

template<fusion::signature K, class T, class Arch> void run_transposed(task<T> const& of) {
  for (int n = 0; n < of.u.samples; ++n) {
    convolve_transposed<T, Arch, K.sizes>(of.x.data[n], of.state.memory[of.s.node].weight, of.to[n],
                                          of.x.rows_of(n, K.sizes.in.width), of.finish.strips_of(n));
    of.x.all(n);  // padding may have left out the last rows
  }
}

template<fusion::signature K, class T, class Arch> void run_transposed_back(task<T> const& of) {
  for (int n = 0; n < of.u.samples; ++n) {
    if (of.wants_data_gradient())
      convolve_transposed_data_gradient<T, Arch, K.sizes>(of.y.data[n], of.state.memory[of.s.node].transposed, of.to[n],
                                                          of.y.rows_of(n, K.sizes.out.width), of.finish.strips_of(n));
    convolve_transposed_weight_gradient<T, Arch, K.sizes>(of.x.all(n), of.y.all(n), of.weight_part);
  }
}

template<fusion::signature K, class T, class Arch> void run_dense(task<T> const& of) {
  int const in = of.s.code.sizes.in.channels, out = of.s.code.sizes.out.channels, samples = of.u.samples;
  node_memory<T> const& m = of.state.memory[of.s.node];
  samples_of<T> const x = of.x.data, d = of.y.data, to = of.to;
  for (int n = 0; n < samples; ++n) of.x.all(n);
  if (K.does == work::multiply)
    return multiply<T, Arch>(x.data, x.stride, m.weight, to.data, to.stride, in, out, samples, of.finish.blocks());
  for (int n = 0; n < samples; ++n) of.y.all(n);  // the weights' gradient is computed when all samples are there
  if (of.wants_data_gradient())
    multiply_data_gradient<T, Arch>(d.data, d.stride, m.transposed, to.data, to.stride, in, out, samples,
                                    of.finish.blocks());
}

/// What the code of a step's kernel depends on, out of its signature: equal ones are compiled once, whatever is fused
/// with them. Sizes remain where a kernel wants them while compiling.
constexpr fusion::signature kernel_of(fusion::signature const& s) {
  fusion::signature kernel{.does = s.does};
  switch (s.does) {
    case work::convolve:
    case work::convolve_back: {
      bool const back = s.does == work::convolve_back;
      int const in = s.sizes.in.channels, out = s.sizes.out.channels;
      kernel.by = s.by, kernel.weight_gradient = s.weight_gradient;
      if (s.by == algorithm::direct || (back && s.weight_gradient == algorithm::direct)) {
        kernel.sizes = s.sizes, kernel.input = s.input;
      } else {
        // Of channels, how much of a block they fill.
        int const whole = half_empty(in) ? 0 : channel_block;
        kernel.sizes.in.channels = back ? whole + in % channel_block : computed_of_block(in);
        kernel.sizes.out.channels = computed_of_block(out);
        kernel.sizes.how.kernel = s.sizes.how.kernel;
      }
      break;
    }
    case work::convolve_transposed:
    case work::convolve_transposed_back: kernel.sizes = s.sizes; break;
    case work::upsample:
    case work::upsample_back: kernel.sizes.how = s.sizes.how; break;
    default: break;
  }
  return kernel;
}

/// Runs the kernel K on a unit of samples; Layer is the one whose own loops it is, or void.
template<fusion::signature K, class Layer, class T, class Arch> void run_kernel(task<T> const& of) {
  if constexpr (is_dense(K.does)) {
    run_dense<K, T, Arch>(of);
  } else if constexpr (K.does == work::convolve) {
    run_convolution<K, T, Arch>(of);
  } else if constexpr (K.does == work::convolve_back) {
    if (of.wants_data_gradient()) run_data_gradient<K, T, Arch>(of);
    run_weight_gradient<K, T, Arch>(of);
  } else if constexpr (K.does == work::convolve_transposed) {
    run_transposed<K, T, Arch>(of);
  } else if constexpr (K.does == work::convolve_transposed_back) {
    run_transposed_back<K, T, Arch>(of);
  } else if constexpr (K.does != work::nothing) {
    for (int n = 0; n < of.u.samples; ++n) run_image<K, Layer, T, Arch>(of, n);
  }
}

/// What ends a step's weight gradient; null where it has none.
template<work Does, minimal_filtering F, class T, class Arch>
constexpr auto ending() -> decltype(step_code<T>::end_weight_gradient) {
  if constexpr (Does == work::convolve_transposed_back)
    return join_transposed_weight_parts<T>;
  else if constexpr (Does == work::multiply_back)
    return dense_weight_gradient<T, Arch>;
  else if constexpr (yields_weight_gradient(Does))
    return join_weight_parts<F, T, Arch>;
  else
    return nullptr;
}

/// The code of steps of signature S, whose sides have the programs `load` and `store`. `Layer`: as for the kernel.
template<fusion::signature S, class Layer, class T, class Arch>
constexpr step_code<T> code_of_step(std::array<program_code<T>, fusion::load_sides> const& load,
                                    program_code<T> store) {
  constexpr fusion::signature kernel = kernel_of(S);
  void (*prepare)(fusion::step const&, node_memory<T> const&) = nullptr;
  if constexpr (!reads_own_weights<kernel, T, Arch>()) prepare = prepare_weights<kernel, T, Arch>;
  return {.run_kernel = run_kernel<kernel, Layer, T, Arch>,
          .inputs = has_two_inputs<S, Layer> ? 2 : 1,
          .vectors_per_block = vectors_per_block<T, Arch>,
          .prepare_weights = prepare,
          .end_weight_gradient = ending<S.does, filtering_of(S.weight_gradient, S.sizes.how), T, Arch>(),
          .load = load,
          .store = store};
}

}  // namespace laminate::kernels
