// The bias of a convolution or a dense layer, as plain loops.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/position.hpp>

namespace laminate::kernels::reference {

/// y(n, k, p) = b(k), or 0 without a bias (nullptr): what the products are added to.
template<class T> void start_with_bias(graph_node const& v, int images, T const* b, T* y) {
  for (int n = 0; n < images; ++n)
    for (int k = 0; k < v.out.channels; ++k)
      for (int p = 0; p < v.out.pixels(); ++p) y[position(v.out, n, k, p)] = b ? b[k] : T(0);
}

/// db(k) += Σ dy(n, k, p) over images n and pixels p; nothing without a bias.
template<class T> void add_bias_gradient(graph_node const& v, int images, T const* dy, T* db) {
  if (!db) return;
  for (int n = 0; n < images; ++n)
    for (int k = 0; k < v.out.channels; ++k)
      for (int p = 0; p < v.out.pixels(); ++p) db[k] += dy[position(v.out, n, k, p)];
}

}  // namespace laminate::kernels::reference
