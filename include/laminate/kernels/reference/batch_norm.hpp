// Batch normalisation and its gradient as plain loops; the formulas are those of layers/batch_norm.hpp.
#pragma once

#include <cmath>
#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/position.hpp>

namespace laminate::kernels::reference {

/// Parameters and buffers of a normalisation, or their gradients; all of them (C).
template<class T> struct normalisation {
  T* scale;
  T* shift;
  T* running_mean;
  T* running_var;
};

template<class T> struct moments {
  T mean;
  T variance;  // biased: divided by the number of values
};

/// Mean and variance of channel c over images and pixels. Two passes: Σ(x − mean)² loses no digits when the
/// mean is large, as Σx² − M·mean² does.
template<class T> moments<T> moments_of(shape s, int images, T const* x, int c) {
  T const values = static_cast<T>(images) * static_cast<T>(s.pixels());
  T sum(0), squares(0);
  for (int n = 0; n < images; ++n)
    for (int p = 0; p < s.pixels(); ++p) sum += x[position(s, n, c, p)];
  T const mean = sum / values;
  for (int n = 0; n < images; ++n)
    for (int p = 0; p < s.pixels(); ++p) {
      T const away = x[position(s, n, c, p)] - mean;
      squares += away * away;
    }
  return {mean, squares / values};
}

/// running ← (1 − momentum)·running + momentum·batch, with the unbiased variance M/(M − 1)·σ². One value
/// alone has no unbiased variance: its factor is 1.
template<class T>
void move_running_statistics(graph_node const& v, long values, moments<T> batch, T& mean, T& variance) {
  T const unbiased = values > 1 ? static_cast<T>(values) / static_cast<T>(values - 1) : T(1);
  T const momentum = static_cast<T>(v.momentum);
  mean = (1 - momentum) * mean + momentum * batch.mean;
  variance = (1 - momentum) * variance + momentum * unbiased * batch.variance;
}

/// y = γ·(x − μ)/√(σ² + ε) + β per channel, with the batch's μ and σ² in training, else the running ones.
template<class T>
void normalise(graph_node const& v, int images, T const* x, normalisation<T> with, T* y, bool training) {
  for (int c = 0; c < v.in.channels; ++c) {
    moments<T> use{with.running_mean[c], with.running_var[c]};
    if (training) {
      use = moments_of(v.in, images, x, c);
      long const values = static_cast<long>(images) * v.in.pixels();
      move_running_statistics(v, values, use, with.running_mean[c], with.running_var[c]);
    }
    T const deviation = std::sqrt(use.variance + static_cast<T>(v.epsilon));
    for (int n = 0; n < images; ++n)
      for (int p = 0; p < v.in.pixels(); ++p) {
        long const i = position(v.in, n, c, p);
        y[i] = with.scale[c] * ((x[i] - use.mean) / deviation) + with.shift[c];
      }
  }
}

/// With x̂ = (x − μ)/√(σ² + ε) of the batch: dγ += Σ dy·x̂,  dβ += Σ dy,
/// dx += γ/√(σ² + ε) · (dy − Σdy/M − x̂·Σ(dy·x̂)/M).
template<class T>
void add_normalisation_gradient(graph_node const& v, int images, T const* x, normalisation<T> with, T const* dy, T* dx,
                                normalisation<T> gradient) {
  T const values = static_cast<T>(images) * static_cast<T>(v.in.pixels());
  for (int c = 0; c < v.in.channels; ++c) {
    auto const [mean, variance] = moments_of(v.in, images, x, c);
    T const deviation = std::sqrt(variance + static_cast<T>(v.epsilon));
    T sum(0), sum_normal(0);  // Σ dy and Σ dy·x̂
    for (int n = 0; n < images; ++n)
      for (int p = 0; p < v.in.pixels(); ++p) {
        long const i = position(v.in, n, c, p);
        sum += dy[i];
        sum_normal += dy[i] * ((x[i] - mean) / deviation);
      }
    gradient.scale[c] += sum_normal;
    gradient.shift[c] += sum;
    for (int n = 0; n < images; ++n)
      for (int p = 0; p < v.in.pixels(); ++p) {
        long const i = position(v.in, n, c, p);
        T const normal = (x[i] - mean) / deviation;
        dx[i] += with.scale[c] / deviation * (dy[i] - sum / values - normal * (sum_normal / values));
      }
  }
}

}  // namespace laminate::kernels::reference
