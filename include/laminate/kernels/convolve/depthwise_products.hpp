// The weight gradient of a depthwise convolution: channels are lanes, and as many taps are summed together as registers
// hold.
#pragma once

#include <algorithm>
#include <laminate/describe/weights.hpp>
#include <laminate/kernels/convolve/axis.hpp>
#include <laminate/kernels/tile.hpp>

namespace laminate::kernels {

/// An image and the taps that run over it: everything a run-time number, so that images of all sizes share the code.
struct taps_over_image {
  shape in, out;
  int top = 0, left = 0;  ///< the pixel that the first tap of output (0, 0) reads; it may be outside
  int step = 1;           ///< pixels between the inputs of two outputs
  int jump = 1;           ///< pixels between taps

  /// The outputs along an axis of which all taps are inside: none where the taps reach further than the image.
  constexpr span_of whole(int first, int taps, int outputs, int inputs) const {
    span_of const near = inside(first, step, outputs, inputs);
    span_of const far = inside(first + (taps - 1) * jump, step, outputs, inputs);
    int const begin = std::min(outputs, std::max(near.begin, far.begin));
    return {begin, std::max(begin, std::min(near.end, far.end))};
  }
};

/// dw(r, s) += Σ_pixels x(pixel at r, s) · dz(pixel) for down × across taps and one vector of channels. x, dz and dw
/// lie at the vector's first channel.
template<class T, class Arch, int down, int across>
[[gnu::noinline]] void add_own_products(T const* x, T const* dz, T* dw, long dw_row, taps_over_image const& by) {
  using V = vector<T, Arch>;
  int const width = by.in.width, height = by.in.height, jump = by.jump, outputs = by.out.width;
  long const row = static_cast<long>(width) * channel_block, step = static_cast<long>(by.step) * channel_block;
  span_of const rows = by.whole(by.top, down, by.out.height, height);
  span_of const columns = by.whole(by.left, across, outputs, width);
  V sum[down * across];
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((sum[n] = load<T, Arch>(dw + n / across * dw_row + n % across * channel_block)), ...);
  }
  (upto<down * across>);
  auto const add = [&]<int n>(std::integral_constant<int, n>, T const* from, V const& gradient)
      __attribute__((always_inline)) {
    T const* const at = from + n / across * jump * row + n % across * jump * channel_block;
    sum[n] = multiply_add<T, Arch>(load<T, Arch>(at), gradient, sum[n]);
  };
  for (int i = 0; i < by.out.height; ++i, dz += outputs * channel_block) {
    int const top = by.top + i * by.step;
    T const* const from = x + top * row + static_cast<long>(by.left) * channel_block;
    auto const at_border = [&](int j) __attribute__((always_inline)) {
      int const left = by.left + j * by.step;
      V const gradient = load<T, Arch>(dz + j * channel_block);
      unroll(
          upto<down * across>, [&](auto n) __attribute__((always_inline)) {
            unsigned const r = top + n / across * jump, s = left + n % across * jump;
            if (r < static_cast<unsigned>(height) && s < static_cast<unsigned>(width))
              add(std::integral_constant<int, n>{}, from + j * step, gradient);
          });
    };
    bool const whole = i >= rows.begin && i < rows.end;
    int const begin = whole ? columns.begin : outputs, end = whole ? columns.end : outputs;
    for (int j = 0; j < begin; ++j) at_border(j);
    T const* at = from + begin * step;
    for (int j = begin; j < end; ++j, at += step) {
      V const gradient = load<T, Arch>(dz + j * channel_block);
      unroll(
          upto<down * across>, [&](auto n) __attribute__((always_inline)) {
            add(std::integral_constant<int, n>{}, at, gradient);
          });
    }
    for (int j = end; j < outputs; ++j) at_border(j);
  }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (store<T, Arch>(dw + n / across * dw_row + n % across * channel_block, sum[n]), ...);
  }
  (upto<down * across>);
}

/// All taps of a kernel × kernel window, in passes that fit into registers.
template<class T, class Arch, int kernel>
void add_own_taps(T const* x, T const* dz, T* dw, taps_over_image const& image) {
  constexpr int across = split_row(kernel, accumulators<Arch>).wide;
  constexpr int down = std::min(kernel, std::max(1, accumulators<Arch> / across));
  constexpr int rest_down = kernel % down, rest_across = kernel % across;
  auto const pass = [&]<int rows, int columns>(int r, int s) {
    taps_over_image by = image;
    by.top += r * by.jump, by.left += s * by.jump;
    add_own_products<T, Arch, rows, columns>(x, dz, dw + (r * kernel + s) * channel_block, kernel * channel_block, by);
  };
  auto const row = [&]<int rows>(int r) {
    for (int s = 0; s + across <= kernel; s += across) pass.template operator()<rows, across>(r, s);
    if constexpr (rest_across > 0) pass.template operator()<rows, rest_across>(r, kernel - rest_across);
  };
  for (int r = 0; r + down <= kernel; r += down) row.template operator()<down>(r);
  if constexpr (rest_down > 0) row.template operator()<rest_down>(kernel - rest_down);
}

/// dw(c, r, s) += Σ_pixels x(c, pixel at r, s) · dz(c, pixel) of one image.
template<class T, class Arch, sliding G> void add_depthwise_products(T const* x, T const* dz, T* dw) {
  constexpr int kernel = G.how.kernel;
  taps_over_image const by{G.in, G.out, -G.how.padding, -G.how.padding, G.how.stride, G.how.dilation};
  for (int block = 0; block < blocks_of(G.in.channels); ++block) {
    for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
      add_own_taps<T, Arch, kernel>(x + lane, dz + lane, dw + lane, by);
    x += G.in.pixels() * channel_block, dz += G.out.pixels() * channel_block, dw += kernel * kernel * channel_block;
  }
}

}  // namespace laminate::kernels
