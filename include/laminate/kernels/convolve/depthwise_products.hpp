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
    span_of const of_first = inside(first, step, outputs, inputs);
    span_of const of_last = inside(first + (taps - 1) * jump, step, outputs, inputs);
    int const begin = std::min(outputs, std::max(of_first.begin, of_last.begin));
    return {begin, std::max(begin, std::min(of_first.end, of_last.end))};
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
  constexpr tile_code side_by_side{.pixels = together, .taps = across, .input_step = std::max(near, 1)};
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
    auto const next = [&](int count) __attribute__((always_inline)) {
      for (int r = 0; r < down; ++r) at[r] += count * step[r];
      dz += count * channel_block;
    };
    int j = 0;
    // One output, of which taps that are outside of the row are left out, if `all` are not inside.
    auto const add_one = [&]<int... s>(constants<s...>, bool all) __attribute__((always_inline)) {
      V const gradient = load<T, Arch>(dz);
      int const left = by.left + j * by.step;
      auto const is_inside = [&](int column) { return column >= 0 && column < width; };
      auto const add = [&]<int... r>(constants<r...>, int tap_column) __attribute__((always_inline)) {
        ((sum[r * across + tap_column] =
              multiply_add<T, Arch>(load<T, Arch>(at[r] + tap_column * tap), gradient, sum[r * across + tap_column])),
         ...);
      };
      ((all || is_inside(left + s * by.jump) ? add(upto<down>, s) : void()), ...);
      next(1), ++j;
    };
    auto const add_together = [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
      constexpr auto& order = by_columns<side_by_side>;
      constexpr int size = order.size;
      V gradient[together], value;
      for (int q = 0; q < together; ++q) gradient[q] = load<T, Arch>(dz + q * channel_block);
      auto const place = [](int k) { return k / size * across + order.tap[k % size]; };
      ((value = order.is_first[n % size] ? load_once<T, Arch>(at[n / size] + order.column[n % size] * channel_block)
                                         : value,
        sum[place(n)] = multiply_add<T, Arch>(value, gradient[order.pixel[n % size]], sum[place(n)])),
       ...);
      next(together), j += together;
    };
    constexpr auto taps = upto<across>;
    while (j < columns.begin) add_one(taps, false);
    if constexpr (near > 0)
      while (j + together <= columns.end) add_together(upto<down * products_of_row<side_by_side>()>);
    while (j < columns.end) add_one(taps, true);
    while (j < outputs) add_one(taps, false);
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
  taps_over_image by{G.in, G.out, -G.how.padding, -G.how.padding, how.stride, how.dilation};
  for (int block = 0; block < blocks_of(G.in.channels); ++block) {
    for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>) {
      constexpr bool far = rows_are_far<T>(G, how.stride);
      by.far = far && lane == 0;  // then they are near
      add_own_taps<T, Arch, how>(x + lane, dz + lane, dw + lane, by, outside);
    }
    x += G.in.pixels() * channel_block, dz += G.out.pixels() * channel_block;
    dw += how.kernel * how.kernel * channel_block;
  }
}

}  // namespace laminate::kernels
