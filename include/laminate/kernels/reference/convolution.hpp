// Convolutions, also transposed ones, and their gradients as plain loops: one walk over its products, three things to
// do with each.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/bias.hpp>
#include <laminate/kernels/reference/position.hpp>
#include <utility>

namespace laminate::kernels::reference {

/// The products a convolution adds up, each as product(position in x, position in w, position in y):
///   y(n, k, i, j) = b(k) + Σ w(k, c, r, s) · x(n, g·C/groups + c, row, column),  g the group of filter k,
///   row = i·stride + r·dilation − padding,  column = j·stride + s·dilation − padding.
/// x is (n, C, H, W), w is (filters, C/groups, K, K), y is (n, filters, H′, W′).
template<class Product> void for_each_product(graph_node const& v, int images, Product&& product) {
  window const how = v.how;
  int const channels = v.in.channels / how.groups, filters = v.out.channels / how.groups;  // of one group
  for (int n = 0; n < images; ++n)
    for (int k = 0; k < v.out.channels; ++k)
      for (int c = 0; c < channels; ++c)
        for (int r = 0; r < how.kernel; ++r)
          for (int s = 0; s < how.kernel; ++s) {
            int const channel = k / filters * channels + c;
            long const weight = ((static_cast<long>(k) * channels + c) * how.kernel + r) * how.kernel + s;
            for (int i = 0; i < v.out.height; ++i)
              for (int j = 0; j < v.out.width; ++j) {
                int const row = i * how.stride + r * how.dilation - how.padding;
                int const column = j * how.stride + s * how.dilation - how.padding;
                if (inside(v.in, row, column))
                  product(position(v.in, n, channel, row, column), weight, position(v.out, n, k, i, j));
              }
          }
}

/// The same for a transposed convolution, whose w is (C, filters/groups, K, K): x(n, c, i, j) is added to
///   y(n, g·filters/groups + k, i·stride + r·dilation − padding, j·stride + s·dilation − padding),
/// which are the products of the convolution from y's shape to x's, read the other way.
template<class Product> void for_each_transposed_product(graph_node const& v, int images, Product&& product) {
  graph_node turned = v;
  std::swap(turned.in, turned.out);
  for_each_product(turned, images, [&](long y, long w, long x) { product(x, w, y); });
}

/// Those of whichever convolution v is.
template<class Product> void for_each_of_its_products(graph_node const& v, int images, Product&& product) {
  if (v.acts_as == role::transposed_convolution)
    for_each_transposed_product(v, images, product);
  else
    for_each_product(v, images, product);
}

/// y = b + w ∗ x; b may be nullptr.
template<class T> void convolve(graph_node const& v, int images, T const* x, T const* w, T const* b, T* y) {
  start_with_bias(v, images, b, y);
  for_each_of_its_products(v, images, [&](long in, long weight, long out) { y[out] += w[weight] * x[in]; });
}

/// dx(in) += Σ w·dy over the products that x(in) is part of.
template<class T> void add_convolution_data_gradient(graph_node const& v, int images, T const* w, T const* dy, T* dx) {
  for_each_of_its_products(v, images, [&](long in, long weight, long out) { dx[in] += w[weight] * dy[out]; });
}

/// dw(weight) += Σ x·dy over the products that w(weight) is part of; db likewise, if there is a bias.
template<class T>
void add_convolution_weight_gradient(graph_node const& v, int images, T const* x, T const* dy, T* dw, T* db) {
  for_each_of_its_products(v, images, [&](long in, long weight, long out) { dw[weight] += x[in] * dy[out]; });
  add_bias_gradient(v, images, dy, db);
}

}  // namespace laminate::kernels::reference
