// The loops of a custom layer, called with plain images.
#pragma once

#include <algorithm>
#include <laminate/graph/leaves.hpp>
#include <laminate/graph/node.hpp>
#include <laminate/layers/custom.hpp>

namespace laminate::kernels::reference {

/// The loops of one custom layer over a batch; nullptr for other words.
template<class T> struct custom_layer_loops {
  void (*forward)(graph_node const& v, int images, T const* x, T* y) = nullptr;
  void (*add_gradient)(graph_node const& v, int images, T const* x, T const* dy, T* dx, T* written) = nullptr;
};

/// y from x.
template<class Layer, class T> void forward(graph_node const& v, int images, T const* x, T* y) {
  std::fill_n(y, static_cast<long>(images) * v.out.size(), T(0));
  for (int n = 0; n < images; ++n, x += v.in.size(), y += v.out.size())
    Layer::forward(image_view<T const, 1>(x, v.in), image_view<T, 1>(y, v.out));
}

/// dx += what the layer's own loops write, into room for one of the images.
template<class Layer, class T>
void add_custom_gradient(graph_node const& v, int images, T const* x, T const* dy, T* dx, T* written) {
  for (int n = 0; n < images; ++n, x += v.in.size(), dy += v.out.size(), dx += v.in.size()) {
    std::fill_n(written, v.in.size(), T(0));
    custom_loops<Layer>::backward(image_view<T const, 1>(x, v.in), image_view<T const, 1>(dy, v.out),
                                  image_view<T, 1>(written, v.in));
    for (int i = 0; i < v.in.size(); ++i) dx[i] += written[i];
  }
}

/// The loops of a network's word number Leaf.
template<class Net, int Leaf, class T> constexpr custom_layer_loops<T> custom_loops_of_leaf() {
  if constexpr (facts_of<Net>[Leaf].acts_as == role::custom) {
    using Layer = leaf<Net, Leaf>;
    return {&forward<Layer, T>, &add_custom_gradient<Layer, T>};
  } else {
    return {};
  }
}

}  // namespace laminate::kernels::reference
