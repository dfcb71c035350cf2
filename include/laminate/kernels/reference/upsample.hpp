// Upsampling and its gradient as plain loops.
#pragma once

#include <algorithm>
#include <cmath>
#include <laminate/kernels/reference/pool.hpp>

namespace laminate::kernels::reference {

/// Calls at(position in x, weight in T) for every input that output (i, j) is made of. Bilinear: an output lies at
/// (i + 1/2)/F − 1/2 between two inputs; before the first and beyond the last one there is that one alone.
template<class T, class At> void for_each_mixed(graph_node const& v, int n, int c, int i, int j, At&& at) {
  int const factor = v.how.stride;
  if (v.how.kernel == 1) return at(position(v.in, n, c, i / factor, j / factor), T(1));
  auto const place = [&](int output) { return std::max((output + T(0.5)) / static_cast<T>(factor) - T(0.5), T(0)); };
  T const row = place(i), column = place(j), top = std::floor(row), left = std::floor(column);
  for (int down : {0, 1})
    for (int across : {0, 1}) {
      int const r = std::min(static_cast<int>(top) + down, v.in.height - 1);
      int const s = std::min(static_cast<int>(left) + across, v.in.width - 1);
      at(position(v.in, n, c, r, s), (down ? row - top : top + 1 - row) * (across ? column - left : left + 1 - column));
    }
}

/// y(n, c, i, j) = Σ weight·x over the inputs it is made of.
template<class T> void upsample(graph_node const& v, int images, T const* x, T* y) {
  for_each_output(v, images, [&](int n, int c, int i, int j) {
    T sum(0);
    for_each_mixed<T>(v, n, c, i, j, [&](long in, T weight) { sum += weight * x[in]; });
    y[position(v.out, n, c, i, j)] = sum;
  });
}

/// dx(in) += Σ weight·dy over the outputs that x(in) is part of.
template<class T> void add_upsample_gradient(graph_node const& v, int images, T const* dy, T* dx) {
  for_each_output(v, images, [&](int n, int c, int i, int j) {
    T const d = dy[position(v.out, n, c, i, j)];
    for_each_mixed<T>(v, n, c, i, j, [&](long in, T weight) { dx[in] += weight * d; });
  });
}

}  // namespace laminate::kernels::reference
