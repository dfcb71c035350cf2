// The loops of a custom layer, called with blocked images.
#pragma once

#include <algorithm>
#include <laminate/describe/window.hpp>
#include <laminate/layers/custom.hpp>

namespace laminate::kernels {

/// Whether the backward loops of Layer, which may be void, want the input.
template<class Layer> inline constexpr bool gradient_reads_input = custom_loops<Layer>::reads_input;
template<> inline constexpr bool gradient_reads_input<void> = false;

/// y from x.
template<class Layer, class T> void custom_forward(sliding const& g, T const* x, T* y) {
  std::fill_n(y, stored_size(g.out), T(0));
  Layer::forward(image_view<T const, channel_block>(x, g.in), image_view<T, channel_block>(y, g.out));
}

/// dx from dy, and from x where the loops want it.
template<class Layer, class T> void custom_gradient(sliding const& g, T const* dy, T const* x, T* dx) {
  std::fill_n(dx, stored_size(g.in), T(0));
  custom_loops<Layer>::backward(image_view<T const, channel_block>(x, g.in),
                                image_view<T const, channel_block>(dy, g.out), image_view<T, channel_block>(dx, g.in));
}

}  // namespace laminate::kernels
