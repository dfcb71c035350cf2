// What joins or renames tensors, as plain loops: sum, product, concatenation, flatten.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/position.hpp>

namespace laminate::kernels::reference {

/// y = x. A flattened image is the same numbers in the same order.
template<class T> void copy(long elements, T const* x, T* y) {
  for (long i = 0; i < elements; ++i) y[i] = x[i];
}

/// dx += dy.
template<class T> void add(long elements, T const* dy, T* dx) {
  for (long i = 0; i < elements; ++i) dx[i] += dy[i];
}

/// Calls at(position in x, position in factor) for every element that a Scale multiplies.
template<class At> void for_each_scaled(graph_node const& v, int images, At&& at) {
  shape const factors = v.acts_as == role::product ? v.in : shape{v.in.channels};
  for (int n = 0; n < images; ++n)
    for (int c = 0; c < v.in.channels; ++c)
      for (int p = 0; p < v.in.pixels(); ++p)
        at(position(v.in, n, c, p), position(factors, n, c, v.acts_as == role::product ? p : 0));
}

/// y = left + right.
template<class T> void sum(long elements, T const* left, T const* right, T* y) {
  for (long i = 0; i < elements; ++i) y[i] = left[i] + right[i];
}

/// y = x · factor, element by element, or with factor (n, channels) by channels.
template<class T> void multiply_by_factor(graph_node const& v, int images, T const* x, T const* factor, T* y) {
  for_each_scaled(v, images, [&](long i, long k) { y[i] = x[i] * factor[k]; });
}

/// dx += dy · factor,  dfactor += dy · x, over all elements that a factor scales.
template<class T>
void add_factor_gradients(graph_node const& v, int images, T const* x, T const* factor, T const* dy, T* dx,
                          T* dfactor) {
  for_each_scaled(v, images, [&](long i, long k) {
    dx[i] += dy[i] * factor[k];
    dfactor[k] += dy[i] * x[i];
  });
}

/// The shape of a concatenation's second input: the channels that v.in, its first, leaves over.
constexpr shape right_of(graph_node const& v) { return {v.out.channels - v.in.channels, v.out.height, v.out.width}; }

/// y(n, …) = the channels of left(n, …), then those of right(n, …).
template<class T> void concatenate(graph_node const& v, int images, T const* left, T const* right, T* y) {
  shape const second = right_of(v);
  for (int n = 0; n < images; ++n) {
    copy(v.in.size(), left + position(v.in, n, 0, 0), y + position(v.out, n, 0, 0));
    copy(second.size(), right + position(second, n, 0, 0), y + position(v.out, n, v.in.channels, 0));
  }
}

/// dleft and dright += their channels of dy.
template<class T> void add_concatenation_gradient(graph_node const& v, int images, T const* dy, T* dleft, T* dright) {
  shape const second = right_of(v);
  for (int n = 0; n < images; ++n) {
    add(v.in.size(), dy + position(v.out, n, 0, 0), dleft + position(v.in, n, 0, 0));
    add(second.size(), dy + position(v.out, n, v.in.channels, 0), dright + position(second, n, 0, 0));
  }
}

}  // namespace laminate::kernels::reference
