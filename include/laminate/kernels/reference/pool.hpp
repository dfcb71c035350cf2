// Maximum, average and global average pools and their gradients as plain loops.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/position.hpp>

namespace laminate::kernels::reference {

/// Calls at(n, c, i, j) for every output of a pool.
template<class At> void for_each_output(graph_node const& v, int images, At&& at) {
  for (int n = 0; n < images; ++n)
    for (int c = 0; c < v.out.channels; ++c)
      for (int i = 0; i < v.out.height; ++i)
        for (int j = 0; j < v.out.width; ++j) at(n, c, i, j);
}

/// Calls at(position in x) for every input in the window of output (i, j), rows first; padding is left out.
template<class At> void for_each_in_window(graph_node const& v, int n, int c, int i, int j, At&& at) {
  window const how = v.how;
  for (int r = 0; r < how.kernel; ++r)
    for (int s = 0; s < how.kernel; ++s) {
      int const row = i * how.stride + r * how.dilation - how.padding;
      int const column = j * how.stride + s * how.dilation - how.padding;
      if (inside(v.in, row, column)) at(position(v.in, n, c, row, column));
    }
}

/// Where the largest value of a window is; of equal ones the first. NaN counts as larger than anything, as in
/// PyTorch.
template<class T> long maximum_in_window(graph_node const& v, T const* x, int n, int c, int i, int j) {
  long most = -1;
  for_each_in_window(v, n, c, i, j, [&](long in) {
    if (most < 0 || x[in] > x[most] || x[in] != x[in]) most = in;
  });
  return most;
}

/// y(n, c, i, j) = the largest x under its window.
template<class T> void max_pool(graph_node const& v, int images, T const* x, T* y) {
  for_each_output(v, images, [&](int n, int c, int i, int j) {
    y[position(v.out, n, c, i, j)] = x[maximum_in_window(v, x, n, c, i, j)];
  });
}

/// dx += dy at the first maximum of each window.
template<class T> void add_max_pool_gradient(graph_node const& v, int images, T const* x, T const* dy, T* dx) {
  for_each_output(v, images, [&](int n, int c, int i, int j) {
    dx[maximum_in_window(v, x, n, c, i, j)] += dy[position(v.out, n, c, i, j)];
  });
}

/// y(n, c, i, j) = Σ x under its window / K²: padding counts as zeros.
template<class T> void average_pool(graph_node const& v, int images, T const* x, T* y) {
  T const size = static_cast<T>(v.how.kernel * v.how.kernel);
  for_each_output(v, images, [&](int n, int c, int i, int j) {
    T sum(0);
    for_each_in_window(v, n, c, i, j, [&](long in) { sum += x[in]; });
    y[position(v.out, n, c, i, j)] = sum / size;
  });
}

/// dx += dy / K² under each window.
template<class T> void add_average_pool_gradient(graph_node const& v, int images, T const* dy, T* dx) {
  T const size = static_cast<T>(v.how.kernel * v.how.kernel);
  for_each_output(v, images, [&](int n, int c, int i, int j) {
    T const share = dy[position(v.out, n, c, i, j)] / size;
    for_each_in_window(v, n, c, i, j, [&](long in) { dx[in] += share; });
  });
}

/// y(n, c) = the mean of channel c.
template<class T> void global_average_pool(graph_node const& v, int images, T const* x, T* y) {
  for (int n = 0; n < images; ++n)
    for (int c = 0; c < v.in.channels; ++c) {
      T sum(0);
      for (int p = 0; p < v.in.pixels(); ++p) sum += x[position(v.in, n, c, p)];
      y[position(v.out, n, c, 0)] = sum / static_cast<T>(v.in.pixels());
    }
}

/// dx(n, c, p) += dy(n, c) / pixels.
template<class T> void add_global_average_pool_gradient(graph_node const& v, int images, T const* dy, T* dx) {
  for (int n = 0; n < images; ++n)
    for (int c = 0; c < v.in.channels; ++c)
      for (int p = 0; p < v.in.pixels(); ++p)
        dx[position(v.in, n, c, p)] += dy[position(v.out, n, c, 0)] / static_cast<T>(v.in.pixels());
}

}  // namespace laminate::kernels::reference
