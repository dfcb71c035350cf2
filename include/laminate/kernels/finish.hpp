// What ends a reduction: the sums of all units become numbers per channel, gradients and running statistics.
#pragma once

#include <cmath>
#include <laminate/kernels/state.hpp>

namespace laminate::kernels {

/// The sums of one reduction: three vectors of channels per unit.
template<class T> struct unit_sums {
  T const* first;
  int units;
  int channels;  ///< padded

  T at(int unit, int which, int c) const { return first[(static_cast<long>(unit) * 3 + which) * channels + c]; }

  /// Units are added in their order, in double: the result does not depend on threads.
  double total(int which, int c) const {
    double sum = 0;
    for (int u = 0; u < units; ++u) sum += at(u, which, c);
    return sum;
  }
};

struct mean_and_variance {
  double mean = 0;
  double variance = 0;  ///< biased
};

/// Merges units (pivot, Σ, Σ²) by the formula of Chan, Golub & LeVeque 1979. `values` is a unit's count; the last
/// unit may have fewer.
template<class T> mean_and_variance merge(unit_sums<T> const& s, int c, long values, long last_values) {
  double count = 0, mean = 0, squares = 0;
  for (int u = 0; u < s.units; ++u) {
    double const n = static_cast<double>(u + 1 < s.units ? values : last_values);
    double const shift = s.at(u, 1, c) / n;
    double const delta = s.at(u, 0, c) + shift - mean;
    squares += s.at(u, 2, c) - n * shift * shift + delta * delta * count * n / (count + n);
    count += n;
    mean += delta * n / count;
  }
  return {mean, std::max(squares, 0.0) / count};
}

template<class T> void finish_statistics(run_state<T> const& state, int n, unit_sums<T> const& sums, int samples) {
  graph_node const& v = state.nodes[n];
  node_memory<T> const& m = state.memory[n];
  using enum fusion::channel_vector;
  long const pixels = v.out.pixels(), last = (state.batch - 1) % samples + 1;
  double const count = static_cast<double>(state.batch) * pixels;
  for (int c = 0; c < v.out.channels; ++c) {
    auto const [mean, variance] = merge(sums, c, samples * pixels, last * pixels);
    double const inverse = 1 / std::sqrt(variance + v.epsilon);
    double const unbiased = count > 1 ? variance * count / (count - 1) : variance;
    m[batch_mean][c] = static_cast<T>(mean);
    m[batch_inverse_deviation][c] = static_cast<T>(inverse);
    m[batch_scale][c] = static_cast<T>(m.scale[c] * inverse);
    m[batch_shift][c] = static_cast<T>(m.shift[c] - mean * m.scale[c] * inverse);
    m.running_mean[c] = static_cast<T>(m.running_mean[c] + v.momentum * (mean - m.running_mean[c]));
    m.running_var[c] = static_cast<T>(m.running_var[c] + v.momentum * (unbiased - m.running_var[c]));
  }
}

/// From Σ g and Σ g·(z − μ): dβ, dγ, and the numbers of dz = a·g + b·z + c (see layers/batch_norm.hpp).
template<class T> void finish_normalisation_sums(run_state<T> const& state, int n, unit_sums<T> const& sums) {
  graph_node const& v = state.nodes[n];
  node_memory<T> const& m = state.memory[n];
  using enum fusion::channel_vector;
  double const count = static_cast<double>(state.batch) * v.out.pixels();
  for (int c = 0; c < v.out.channels; ++c) {
    double const g = sums.total(0, c), product = sums.total(1, c);
    double const inverse = m[batch_inverse_deviation][c], mean = m[batch_mean][c];
    double const a = m.scale[c] * inverse;
    double const b = -a * inverse * inverse * product / count;
    m.shift_gradient[c] = static_cast<T>(g);
    m.scale_gradient[c] = static_cast<T>(product * inverse);
    m[gradient_of_g][c] = static_cast<T>(a);
    m[gradient_of_z][c] = static_cast<T>(b);
    m[gradient_constant][c] = static_cast<T>(-a * g / count - b * mean);
  }
}

template<class T> void finish_parameter_sum(run_state<T> const& state, int n, unit_sums<T> const& sums) {
  graph_node const& v = state.nodes[n];
  T* const gradient = state.memory[n].slope_gradient;
  double shared = 0;
  for (int c = 0; c < v.out.channels; ++c) {
    double const sum = sums.total(0, c);
    if (v.activation.per_channel) gradient[c] = static_cast<T>(sum);
    shared += sum;
  }
  if (!v.activation.per_channel) gradient[0] = static_cast<T>(shared);
}

/// From Σ dy and Σ dy·x̂: dβ and dγ of a LayerNorm.
template<class T> void finish_layer_norm(run_state<T> const& state, int n, unit_sums<T> const& sums) {
  node_memory<T> const& m = state.memory[n];
  for (int c = 0; c < state.nodes[n].out.channels; ++c) {
    m.shift_gradient[c] = static_cast<T>(sums.total(0, c));
    m.scale_gradient[c] = static_cast<T>(sums.total(1, c));
  }
}

/// Ends reduction r, whose sums lie at `first`.
template<class T>
void finish(run_state<T> const& state, fusion::reduction const& r, T const* first, int units, int samples) {
  unit_sums<T> const sums{first, units, padded(state.nodes[r.node].out.channels)};
  switch (r.does) {
    case fusion::work::statistics: return finish_statistics(state, r.node, sums, samples);
    case fusion::work::normalisation_sums: return finish_normalisation_sums(state, r.node, sums);
    case fusion::work::layer_norm_back: return finish_layer_norm(state, r.node, sums);
    case fusion::work::parameter_sum: return finish_parameter_sum(state, r.node, sums);
    default:
      for (int c = 0; c < state.nodes[r.node].out.channels; ++c)
        state.memory[r.node].bias_gradient[c] = static_cast<T>(sums.total(0, c));
  }
}

}  // namespace laminate::kernels
