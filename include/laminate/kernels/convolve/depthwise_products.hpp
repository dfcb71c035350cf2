// The weight gradient of a depthwise convolution: channels are lanes, and as many taps are summed together as registers
// hold.
#pragma once

#include <algorithm>
#include <laminate/describe/weights.hpp>
#include <laminate/kernels/convolve/image.hpp>
#include <laminate/kernels/tile.hpp>

namespace laminate::kernels {

/// An image and the taps that run over it: everything a run-time number, so that images of all sizes share the code.
struct taps_over_image {
  shape in, out;
  int top = 0, left = 0;  ///< the pixel that the first tap of output (0, 0) reads; it may be outside
  int step = 1;           ///< pixels between the inputs of two outputs
  int jump = 1;           ///< pixels between taps
  bool far = false;       ///< see rows_are_far

  /// The outputs along an axis of which all taps are inside: none where the taps reach further than the image.
  constexpr span_of whole(int first, int taps, int outputs, int inputs) const {
    span_of const near = inside(first, step, outputs, inputs);
    span_of const far = inside(first + (taps - 1) * jump, step, outputs, inputs);
    int const begin = std::min(outputs, std::max(near.begin, far.begin));
    return {begin, std::max(begin, std::min(near.end, far.end))};
  }
};

/// Outputs of a row that share what they load, at most.
inline constexpr int outputs_together = 4;

/// dw(r, s) += Σ_pixels x(pixel at r, s) · dz(pixel) for down × across taps and one vector of channels. x, dz and dw
/// lie at the vector's first channel. Taps on rows outside read `outside`, as many zero pixels as outputs together
/// reach. `near`: by.step where taps of neighbouring outputs meet on the same pixels, else 0.
template<class T, class Arch, int down, int across, int near>
[[gnu::noinline]] void add_own_products(T const* x, T const* dz, T* dw, long dw_row, taps_over_image const& by,
                                        T const* outside) {
  using V = vector<T, Arch>;
  constexpr int together = near > 0 ? std::min(outputs_together, registers<Arch> - 1 - down * across) : 1;
  int const width = by.in.width, outputs = by.out.width;
  long const row = static_cast<long>(width) * channel_block;
  long const tap = near > 0 ? channel_block : static_cast<long>(by.jump) * channel_block;
  span_of const columns = by.whole(by.left, across, outputs, width);
  V sum[down * across];
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((sum[n] = load<T, Arch>(dw + n / across * dw_row + n % across * channel_block)), ...);
  }
  (upto<down * across>);
  T const* at[down];
  long step[down];
  for (int i = 0; i < by.out.height; ++i) {
    for (int r = 0; r < down; ++r) {
      int const from = by.top + i * by.step + r * by.jump;
      bool const is_inside = from >= 0 && from < by.in.height;
      at[r] = is_inside ? x + from * row + static_cast<long>(by.left) * channel_block : outside;
      step[r] = is_inside ? static_cast<long>(by.step) * channel_block : 0;
    }
    if (by.far) {
      int const next = by.top + i * by.step + (down - 1) * by.jump + 1, end = std::min(next + by.step, by.in.height);
      bring_near(x + next * row, static_cast<long>(end - next) * width);
      bring_near(dz + static_cast<long>(outputs) * channel_block, outputs);
    }
    // Those taps of the next `count` outputs that are `wanted`: each pixel is loaded once for all that meet on it.
    auto const add = [&]<int count>(std::integral_constant<int, count>, auto wanted) __attribute__((always_inline)) {
      V gradient[count];
      [&]<int... q>(constants<q...>) __attribute__((always_inline)) {
        ((gradient[q] = load<T, Arch>(dz + q * channel_block)), ...);
      }
      (upto<count>);
      unroll(
          upto<(count - 1) * near + across>, [&](auto column) __attribute__((always_inline)) {
            if (!wanted(column)) return;
            unroll(
                upto<down>, [&](auto r) __attribute__((always_inline)) {
                  V const value = load_once<T, Arch>(at[r] + column * tap);
                  unroll(
                      upto<count>, [&](auto q) __attribute__((always_inline)) {
                        constexpr int s = column - q * near;
                        if constexpr (s >= 0 && s < across)
                          sum[r * across + s] = multiply_add<T, Arch>(value, gradient[q], sum[r * across + s]);
                      });
                });
          });
      for (int r = 0; r < down; ++r) at[r] += count * step[r];
      dz += count * channel_block;
    };
    constexpr std::integral_constant<int, 1> one{};
    constexpr std::integral_constant<int, together> some{};
    auto const all = [](int) { return true; };
    int j = 0;
    auto const inside_row = [&](int s) __attribute__((always_inline)) {
      int const column = by.left + j * by.step + s * by.jump;
      return column >= 0 && column < width;
    };
    for (; j < columns.begin; ++j) add(one, inside_row);
    for (; j + together <= columns.end; j += together) add(some, all);
    for (; j < columns.end; ++j) add(one, all);
    for (; j < outputs; ++j) add(one, inside_row);
  }
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (store<T, Arch>(dw + n / across * dw_row + n % across * channel_block, sum[n]), ...);
  }
  (upto<down * across>);
}

/// All taps of a window, in passes that fit into registers.
template<class T, class Arch, window how>
void add_own_taps(T const* x, T const* dz, T* dw, taps_over_image const& image, T const* outside) {
  constexpr int kernel = how.kernel, across = split_row(kernel, accumulators<Arch>).wide;
  constexpr int down = std::min(kernel, std::max(1, accumulators<Arch> / across));
  constexpr int near = how.dilation == 1 && how.stride < across ? how.stride : 0;
  constexpr int rest_down = kernel % down, rest_across = kernel % across;
  auto const pass = [&]<int rows, int columns>(int r, int s) {
    taps_over_image by = image;
    by.top += r * by.jump, by.left += s * by.jump;
    add_own_products<T, Arch, rows, columns, near>(x, dz, dw + (r * kernel + s) * channel_block, kernel * channel_block,
                                                   by, outside);
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
  constexpr window how{.kernel = G.how.kernel, .stride = G.how.stride, .dilation = G.how.dilation};
  alignas(64) static constexpr T outside[(how.extent() + (outputs_together - 1) * how.stride) * channel_block]{};
  constexpr bool far = rows_are_far<T>(G, how.stride);
  taps_over_image const by{G.in, G.out, -G.how.padding, -G.how.padding, how.stride, how.dilation, far};
  for (int block = 0; block < blocks_of(G.in.channels); ++block) {
    for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
      add_own_taps<T, Arch, how>(x + lane, dz + lane, dw + lane, by, outside);
    x += G.in.pixels() * channel_block, dz += G.out.pixels() * channel_block;
    dw += how.kernel * how.kernel * channel_block;
  }
}

}  // namespace laminate::kernels
