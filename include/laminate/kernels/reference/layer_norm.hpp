// Layer normalisation and its gradient as plain loops; the formulas are those of layers/layer_norm.hpp.
#pragma once

#include <cmath>
#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/batch_norm.hpp>

namespace laminate::kernels::reference {

/// Mean and variance over the channels of pixel p of image n.
template<class T> moments<T> moments_over_channels(shape s, T const* x, int n, int p) {
  T const values = static_cast<T>(s.channels);
  T sum(0), squares(0);
  for (int c = 0; c < s.channels; ++c) sum += x[position(s, n, c, p)];
  T const mean = sum / values;
  for (int c = 0; c < s.channels; ++c) {
    T const away = x[position(s, n, c, p)] - mean;
    squares += away * away;
  }
  return {mean, squares / values};
}

/// Calls at(n, p, mean, √(variance + ε)) for every pixel p of every image n.
template<class T, class At> void for_each_normalised_pixel(graph_node const& v, int images, T const* x, At&& at) {
  for (int n = 0; n < images; ++n)
    for (int p = 0; p < v.in.pixels(); ++p) {
      auto const [mean, variance] = moments_over_channels(v.in, x, n, p);
      at(n, p, mean, std::sqrt(variance + static_cast<T>(v.epsilon)));
    }
}

/// y = γ·(x − μ)/√(σ² + ε) + β at every pixel.
template<class T>
void normalise_channels(graph_node const& v, int images, T const* x, T const* scale, T const* shift, T* y) {
  for_each_normalised_pixel(v, images, x, [&](int n, int p, T mean, T deviation) {
    for (int c = 0; c < v.in.channels; ++c) {
      long const i = position(v.in, n, c, p);
      y[i] = scale[c] * ((x[i] - mean) / deviation) + shift[c];
    }
  });
}

/// With x̂ = (x − μ)/√(σ² + ε) and g = dy·γ: dγ += Σ dy·x̂,  dβ += Σ dy,
/// dx += (g − Σg/C − x̂·Σ(g·x̂)/C)/√(σ² + ε).
template<class T>
void add_layer_norm_gradient(graph_node const& v, int images, T const* x, T const* scale, T const* dy, T* dx, T* dscale,
                             T* dshift) {
  T const values = static_cast<T>(v.in.channels);
  for_each_normalised_pixel(v, images, x, [&](int n, int p, T mean, T deviation) {
    T sum(0), sum_normal(0);  // Σ g and Σ g·x̂
    for (int c = 0; c < v.in.channels; ++c) {
      long const i = position(v.in, n, c, p);
      T const normal = (x[i] - mean) / deviation;
      sum += dy[i] * scale[c];
      sum_normal += dy[i] * scale[c] * normal;
      dscale[c] += dy[i] * normal;
      dshift[c] += dy[i];
    }
    for (int c = 0; c < v.in.channels; ++c) {
      long const i = position(v.in, n, c, p);
      T const normal = (x[i] - mean) / deviation;
      dx[i] += (dy[i] * scale[c] - sum / values - normal * (sum_normal / values)) / deviation;
    }
  });
}

}  // namespace laminate::kernels::reference
