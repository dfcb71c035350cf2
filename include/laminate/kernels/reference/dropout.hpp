// Dropout and its gradient as plain loops.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/kernels/dropout_mask.hpp>

namespace laminate::kernels::reference {

/// The factor of an element: 0 for those is_dropped() names, 1/(1 − rate) for the others.
template<class T> T dropout_factor(graph_node const& v, int number, std::uint64_t key, long element) {
  auto const node = static_cast<std::uint32_t>(number);
  auto const place = static_cast<std::uint64_t>(element);
  return is_dropped(key, node, place, v.rate) ? T(0) : static_cast<T>(dropout_scale(v.rate));
}

/// y = factor·x in training, y = x otherwise. `number` is the node's in the graph.
template<class T>
void drop_out(graph_node const& v, int number, int images, std::uint64_t key, T const* x, T* y, bool training) {
  long const elements = static_cast<long>(images) * v.out.size();
  for (long i = 0; i < elements; ++i) y[i] = training ? dropout_factor<T>(v, number, key, i) * x[i] : x[i];
}

/// dx += factor·dy, with the forward pass's key.
template<class T>
void add_dropout_gradient(graph_node const& v, int number, int images, std::uint64_t key, T const* dy, T* dx) {
  long const elements = static_cast<long>(images) * v.out.size();
  for (long i = 0; i < elements; ++i) dx[i] += dropout_factor<T>(v, number, key, i) * dy[i];
}

}  // namespace laminate::kernels::reference
