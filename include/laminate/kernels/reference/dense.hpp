// A dense layer and its gradients as plain loops.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/bias.hpp>

namespace laminate::kernels::reference {

/// Each product of a dense layer as product(position in x, position in w, position in y):
///   y(n, o) = b(o) + Σ w(o, f) · x(n, f);  x is (n, features), w is (outputs, features), y is (n, outputs).
template<class Product> void for_each_dense_product(graph_node const& v, int images, Product&& product) {
  int const features = v.in.channels, outputs = v.out.channels;
  for (int n = 0; n < images; ++n)
    for (int o = 0; o < outputs; ++o)
      for (int f = 0; f < features; ++f)
        product(position(v.in, n, f, 0), static_cast<long>(o) * features + f, position(v.out, n, o, 0));
}

/// y = b + w·x; b may be nullptr.
template<class T> void multiply(graph_node const& v, int images, T const* x, T const* w, T const* b, T* y) {
  start_with_bias(v, images, b, y);
  for_each_dense_product(v, images, [&](long in, long weight, long out) { y[out] += w[weight] * x[in]; });
}

/// dx(n, f) += Σ w(o, f) · dy(n, o).
template<class T> void add_dense_data_gradient(graph_node const& v, int images, T const* w, T const* dy, T* dx) {
  for_each_dense_product(v, images, [&](long in, long weight, long out) { dx[in] += w[weight] * dy[out]; });
}

/// dw(o, f) += Σ x(n, f) · dy(n, o);  db(o) += Σ dy(n, o), if there is a bias.
template<class T>
void add_dense_weight_gradient(graph_node const& v, int images, T const* x, T const* dy, T* dw, T* db) {
  for_each_dense_product(v, images, [&](long in, long weight, long out) { dw[weight] += x[in] * dy[out]; });
  add_bias_gradient(v, images, dy, db);
}

}  // namespace laminate::kernels::reference
