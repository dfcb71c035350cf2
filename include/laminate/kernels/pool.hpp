// Pools of one blocked image, vectorised over channels, and their gradients. The window is a run-time
// argument.
#pragma once

#include <algorithm>
#include <laminate/describe/window.hpp>
#include <laminate/kernels/convolve/axis.hpp>
#include <laminate/kernels/machine.hpp>
#include <limits>

namespace laminate::kernels {

/// Calls at(input index) for every input inside the window of output (i, j), rows first.
struct any_windows {
  static constexpr bool cover_once = false;
  sliding g;

  template<class At> [[gnu::always_inline]] void operator()(int i, int j, At&& at) const {
    window const how = g.how;
    int const top = i * how.stride - how.padding, left = j * how.stride - how.padding;
    span_of const down = inside(top, how.dilation, how.kernel, g.in.height);
    span_of const across = inside(left, how.dilation, how.kernel, g.in.width);
    for (int r = down.begin; r < down.end; ++r)
      for (int s = across.begin; s < across.end; ++s)
        at(static_cast<long>((top + r * how.dilation) * g.in.width + left + s * how.dilation) * channel_block);
  }
};

/// The same where every input is in exactly one window of 2×2, as most pools are.
struct windows_of_four {
  static constexpr bool cover_once = true;
  sliding g;

  template<class At> [[gnu::always_inline]] void operator()(int i, int j, At&& at) const {
    long const first = static_cast<long>(2 * i * g.in.width + 2 * j) * channel_block, row = g.in.width * channel_block;
    at(first), at(first + channel_block), at(first + row), at(first + row + channel_block);
  }
};

template<class Use> void with_windows(sliding const& g, Use&& use) {
  windows_of_four_cover(g) ? use(windows_of_four{g}) : use(any_windows{g});
}

/// Writes every output of a pool: value(x of the block, i, j, lane offset) for each vector of channels.
template<class T, class Arch, class Value, class Finish>
[[gnu::always_inline]] inline void write_pool(sliding const& g, T const* x, T* y, Value&& value, Finish& finish) {
  for (int block = 0; block < blocks_of(g.in.channels); ++block, x += g.in.pixels() * channel_block)
    for (int i = 0; i < g.out.height; ++i) {
      for (int j = 0; j < g.out.width; ++j, y += channel_block)
        for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
          store<T, Arch>(y + lane, value(x + lane, i, j));
      finish(block, i * g.out.width, g.out.width);
    }
}

/// Scatters gradients: add(i, j, offset of output (i, j), block of dx) for all outputs, and finishes each row
/// of dx as soon as no later window reaches it.
template<class Windows, class T, class Add, class Finish>
[[gnu::always_inline]] inline void scatter_pool(sliding const& g, T* dx, Add&& add, Finish& finish) {
  long const in_size = static_cast<long>(g.in.pixels()) * channel_block;
  for (int block = 0; block < blocks_of(g.in.channels); ++block) {
    T* const to = dx + block * in_size;
    if constexpr (!Windows::cover_once) std::fill_n(to, in_size, T(0));
    int done = 0;
    for (int i = 0; i < g.out.height; ++i) {
      for (int j = 0; j < g.out.width; ++j) add(block, i, j, to);
      int const next = i + 1 < g.out.height ? (i + 1) * g.how.stride - g.how.padding : g.in.height;
      for (; done < std::min(next, g.in.height); ++done) finish(block, done * g.in.width, g.in.width);
    }
  }
}

/// What a window hands to one of its inputs: the first, where there is only one.
template<class Windows, class T, class Arch>
[[gnu::always_inline]] inline void hand(T* to, vector<T, Arch> const& gradient) {
  if constexpr (Windows::cover_once)
    store<T, Arch>(to, gradient);
  else
    store<T, Arch>(to, load<T, Arch>(to) + gradient);
}

/// The largest of a window, for one vector of channels; `from` is the block's image at these channels. Which values are
/// NaN is gathered beside the maxima, so that none waits for another's comparison.
template<class T, class Arch, class Windows>
[[gnu::always_inline]] inline vector<T, Arch> largest_in_window(Windows const& windows, int i, int j, T const* from) {
  vector<T, Arch> most = broadcast<T, Arch>(-std::numeric_limits<T>::infinity());
  xsimd::batch_bool<T, Arch> nan(false);
  windows(
      i, j, [&](long at) __attribute__((always_inline)) {
        vector<T, Arch> const value = load<T, Arch>(from + at);
        most = xsimd::max(most, value);
        nan = nan | xsimd::isnan(value);  // xsimd's != is false of NaN on some processors
      });
  return xsimd::select(nan, broadcast<T, Arch>(std::numeric_limits<T>::quiet_NaN()), most);
}

/// The largest value of each window; padding counts as −∞, and NaN is kept as PyTorch keeps it.
template<class T, class Arch, class Finish> void max_pool(sliding const& g, T const* x, T* y, Finish&& finish) {
  with_windows(g, [&](auto const& windows) {
    write_pool<T, Arch>(
        g, x, y,
        [&](T const* from, int i, int j)
            __attribute__((always_inline)) { return largest_in_window<T, Arch>(windows, i, j, from); },
        finish);
  });
}

/// dx = dy at the first maximum of each window in row-major order, added up over windows. Where windows of 2×2 cover x
/// once, dx may be x's own memory. The maximum is found again from x: x may have been computed again since the forward
/// pass, and a compiler rounds a·b + c once in one program and twice in another.
template<class T, class Arch, class Finish>
void max_pool_gradient(sliding const& g, T const* x, T const* dy, T* dx, Finish&& finish) {
  with_windows(g, [&]<class Windows>(Windows const& windows) {
    scatter_pool<Windows>(
        g, dx,
        [&](int block, int i, int j, T* to) __attribute__((always_inline)) {
          long const out = (static_cast<long>(block) * g.out.pixels() + i * g.out.width + j) * channel_block;
          T const* const from = x + static_cast<long>(block) * g.in.pixels() * channel_block;
          for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>) {
            vector<T, Arch> const none = broadcast<T, Arch>(0);
            vector<T, Arch> const most = largest_in_window<T, Arch>(windows, i, j, from + lane);
            vector<T, Arch> const gradient = load<T, Arch>(dy + out + lane);
            xsimd::batch_bool<T, Arch> open(true);  // where the maximum has not been met yet
            windows(
                i, j, [&](long at) __attribute__((always_inline)) {
                  auto const is_it = open & (load<T, Arch>(from + at + lane) == most);  // not where that is NaN
                  hand<Windows, T, Arch>(to + at + lane, xsimd::select(is_it, gradient, none));
                  open = open & !is_it;
                });
          }
        },
        finish);
  });
}

/// The mean of each window, padding counted as zeros: always divided by kernel².
template<class T, class Arch, class Finish> void average_pool(sliding const& g, T const* x, T* y, Finish&& finish) {
  T const share = T(1) / static_cast<T>(g.how.kernel * g.how.kernel);
  with_windows(g, [&](auto const& windows) {
    write_pool<T, Arch>(
        g, x, y,
        [&](T const* from, int i, int j) __attribute__((always_inline)) {
          vector<T, Arch> sum = broadcast<T, Arch>(0);
          windows(
              i, j, [&](long at) __attribute__((always_inline)) { sum += load<T, Arch>(from + at); });
          return sum * broadcast<T, Arch>(share);
        },
        finish);
  });
}

/// dx(pixel) = Σ of dy over the windows that cover it, over kernel².
template<class T, class Arch, class Finish>
void average_pool_gradient(sliding const& g, T const* dy, T* dx, Finish&& finish) {
  vector<T, Arch> const share = broadcast<T, Arch>(T(1) / static_cast<T>(g.how.kernel * g.how.kernel));
  with_windows(g, [&]<class Windows>(Windows const& windows) {
    scatter_pool<Windows>(
        g, dx,
        [&](int block, int i, int j, T* to) __attribute__((always_inline)) {
          long const out = (static_cast<long>(block) * g.out.pixels() + i * g.out.width + j) * channel_block;
          for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>) {
            vector<T, Arch> const part = load<T, Arch>(dy + out + lane) * share;
            windows(
                i, j, [&](long at) __attribute__((always_inline)) { hand<Windows, T, Arch>(to + at + lane, part); });
          }
        },
        finish);
  });
}

/// y(channel) = the mean over all pixels; y is features. `finish(block, 0, 1)` after each block.
template<class T, class Arch, class Finish> void global_average_pool(shape in, T const* x, T* y, Finish&& finish) {
  vector<T, Arch> const share = broadcast<T, Arch>(T(1) / static_cast<T>(in.pixels()));
  for (int block = 0; block < blocks_of(in.channels); ++block, x += in.pixels() * channel_block) {
    for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>) {
      vector<T, Arch> even = broadcast<T, Arch>(0), odd = even;
      int p = 0;
      for (; p + 2 <= in.pixels(); p += 2) {
        even += load<T, Arch>(x + p * channel_block + lane);
        odd += load<T, Arch>(x + (p + 1) * channel_block + lane);
      }
      if (p < in.pixels()) even += load<T, Arch>(x + p * channel_block + lane);
      store<T, Arch>(y + block * channel_block + lane, (even + odd) * share);
    }
    finish(block, 0, 1);
  }
}

/// dx(channel, every pixel) = dy(channel) / pixels. `finish` after each row.
template<class T, class Arch, class Finish>
void global_average_pool_gradient(shape in, T const* dy, T* dx, Finish&& finish) {
  vector<T, Arch> const share = broadcast<T, Arch>(T(1) / static_cast<T>(in.pixels()));
  for (int block = 0; block < blocks_of(in.channels); ++block)
    for (int i = 0; i < in.height; ++i) {
      for (int j = 0; j < in.width; ++j, dx += channel_block)
        for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
          store<T, Arch>(dx + lane, load<T, Arch>(dy + block * channel_block + lane) * share);
      finish(block, i * in.width, in.width);
    }
}

}  // namespace laminate::kernels
