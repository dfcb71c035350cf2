// The forward convolution of one image.
#pragma once

#include <laminate/kernels/convolve/image.hpp>
#include <laminate/kernels/convolve/pairs.hpp>

namespace laminate::kernels {

/// z(k,i,j) = Σ_{c,r,s} w(k,c,r,s) · x(c, i·stride + r·dilation − padding, j·stride + s·dilation − padding).
/// x is blocked, or planar where it is a network's input of few channels; z is blocked. `finish(block, first pixel,
/// count)` is called once for every output row of every block, right after its last value was written.
/// `prepare(rows)` is called before rows of x up to `rows` are read for the first time; it may write them. Only the
/// rows `write` of z are written.
template<class T, class Arch, sliding G, layout In, class Prepare, class Finish>
void convolve(T const* x, T const* w, T* z, Prepare&& prepare, Finish&& finish, span_of write = {0, G.out.height}) {
  static_assert(In == layout::blocked || G.in.channels < channel_block, "only a network's image input is planar");
  if constexpr (goes_in_pairs<T, Arch>(G, In)) return convolve_pairs<T, Arch, G>(x, w, z, prepare, finish, write);
  constexpr axis rows = forward_axis(G.how, G.in.height, G.out.height);
  constexpr axis columns = forward_axis(G.how, G.in.width, G.out.width);
  constexpr int connected = most_connected(G);
  image_sum<T> const image{x, w, z, G.in, G.out, G.how.kernel, G.how.groups, connected, write};
  write_image<T, Arch, summed_by(G, In), rows_are_far<T>(G, G.how.stride), G.out.channels, (G.how.groups > 1), columns>(
      image, &rows, prepare, finish);
}

}  // namespace laminate::kernels
