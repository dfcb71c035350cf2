// Activations and their gradients as plain loops: the only layers whose loops depend on the word's type.
#pragma once

#include <laminate/graph/leaves.hpp>
#include <laminate/graph/node.hpp>
#include <laminate/kernels/reference/position.hpp>
#include <laminate/layers/activation.hpp>

namespace laminate::kernels::reference {

/// The loops of one activation. a: its learned parameter, one or one per channel; nullptr when it has none.
template<class T> struct activation_loops {
  void (*activate)(graph_node const& v, int images, T const* x, T const* a, T* y) = nullptr;
  void (*add_gradient)(graph_node const& v, int images, T const* x, T const* a, T const* dy, T* dx, T* da) = nullptr;
};

/// Calls at(position in x and y, position in a) for every element.
template<class At> void for_each_element(graph_node const& v, int images, At&& at) {
  for (int n = 0; n < images; ++n)
    for (int c = 0; c < v.out.channels; ++c)
      for (int p = 0; p < v.out.pixels(); ++p) at(position(v.out, n, c, p), v.activation.per_channel ? c : 0);
}

/// y = f(x, a).
template<class A, class T> void activate(graph_node const& v, int images, T const* x, T const* a, T* y) {
  constexpr auto f = mathematics<A>::value();
  for_each_element(v, images, [&](long i, int k) { y[i] = evaluate(f, x[i], a ? a[k] : T(0)); });
}

/// dx += dy·∂f/∂x,  da += Σ dy·∂f/∂a.
template<class A, class T>
void add_activation_gradient(graph_node const& v, int images, T const* x, T const* a, T const* dy, T* dx, T* da) {
  constexpr auto slope = mathematics<A>::slope();
  for_each_element(v, images, [&](long i, int k) { dx[i] += dy[i] * evaluate(slope, x[i], a ? a[k] : T(0)); });
  if constexpr (mathematics<A>::learned) {
    constexpr auto slope_of_a = mathematics<A>::slope_of_parameter();
    for_each_element(v, images, [&](long i, int k) { da[k] += dy[i] * evaluate(slope_of_a, x[i], a[k]); });
  }
}

/// The loops of a network's word number Leaf; empty when it is no activation.
template<class Net, int Leaf, class T> constexpr activation_loops<T> loops_of_leaf() {
  if constexpr (facts_of<Net>[Leaf].acts_as == role::activation) {
    using A = leaf<Net, Leaf>;
    return {&activate<A, T>, &add_activation_gradient<A, T>};
  } else {
    return {};
  }
}

}  // namespace laminate::kernels::reference
