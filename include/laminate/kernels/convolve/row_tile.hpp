// The micro-kernel of the direct convolution: a few pixels of one row times a few channel blocks, summed in
// registers.
#pragma once

#include <laminate/kernels/convolve/tile_code.hpp>
#include <laminate/kernels/tile.hpp>

namespace laminate::kernels {

/// What a row sums; everything vertical and every channel count is a run-time number.
template<class T> struct row_sum {
  T const* x = nullptr;  // column 0 of the first input row that is inside, in the first connected channel block
  T const* w = nullptr;
  T* z = nullptr;              // column 0 of the output row
  int steps = 0;               // channel blocks of x; a planar x is one
  int last_channels = 0;       // real channels in the last of them
  int rows = 0;                // vertical taps that are inside
  long x_step = 0, x_row = 0;  // x_step: between channel blocks, planar: between channels
  long w_step = 0, w_row = 0, w_tap = 0, w_block = 0;
  long z_block = 0;
};

template<class T, class Arch, int count> struct sums { vector<T, Arch> at[count]; };

/// Vectors of outputs of each pixel.
template<class T, class Arch> constexpr int vectors_of(tile_code const& code) {
  return code.blocks * vectors_per_block<T, Arch> - code.idle;
}

/// One channel of one tap for `pixels` pixels of `across` vectors. The weights stay in registers while the inputs
/// pass, one broadcast at a time; 16 registers hold 12 sums, two weights and that.
template<class T, class Arch, int across, int pixels, int pixel_distance>
[[gnu::always_inline]] inline void add_channel(T const* x, T const* w, long w_block, vector<T, Arch>* sum) {
  constexpr int vectors = vectors_per_block<T, Arch>;
  vector<T, Arch> weight[across];
  [&]<int... v>(constants<v...>) __attribute__((always_inline)) {
    ((weight[v] = load<T, Arch>(w + v / vectors * w_block + v % vectors * lanes<T, Arch>)), ...);
    if constexpr (across <= 2) (keep_in_register<T, Arch>(weight[v]), ...);
  }
  (upto<across>);
  [&]<int... q>(constants<q...>) __attribute__((always_inline)) {
    (add_products<T, Arch, across>(x + q * pixel_distance, weight, sum + q * across), ...);
  }
  (upto<pixels>);
}

/// One tap: pixels [first, end) of the tile, all channels of one step. The loop has a run-time count even for
/// one channel: it ties every sum to one register, where in straight code clang 19 moves and spills them.
template<class T, class Arch, int across, int first, int end, int pixel_distance, int count>
[[gnu::always_inline]] inline void add_tap(T const* x, long channel_distance, T const* w, long w_block, int channels,
                                           sums<T, Arch, count>& sum) {
  for (int c = 0; c < channels; ++c, x += channel_distance, w += channel_block)
    add_channel<T, Arch, across, end - first, pixel_distance>(x, w, w_block, sum.at + first * across);
}

/// One tap of 16 channels that are each their own sum: pixels [first, end) of the tile.
template<class T, class Arch, int first, int end, int pixel_distance, int count>
[[gnu::always_inline]] inline void add_own_channels(T const* x, T const* w, sums<T, Arch, count>& sum) {
  constexpr int vectors = vectors_per_block<T, Arch>, width = lanes<T, Arch>;
  vector<T, Arch> weight[vectors];
  [&]<int... v>(constants<v...>) __attribute__((always_inline)) { ((weight[v] = load<T, Arch>(w + v * width)), ...); }
  (upto<vectors>);
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((sum.at[first * vectors + n] =
          multiply_add<T, Arch>(load<T, Arch>(x + n / vectors * pixel_distance + n % vectors * width),
                                weight[n % vectors], sum.at[first * vectors + n])),
     ...);
  }
  (upto<(end - first) * vectors>);
}

/// One tap of 16 channels for pixels [first, end) and a few outputs, which have vectors of their own.
template<class T, class Arch, int outputs, int first, int end, int pixel_distance, int count>
[[gnu::always_inline]] inline void add_few(T const* x, T const* w, sums<T, Arch, count>& sum) {
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    ((sum.at[first * outputs + n] =
          multiply_add<T, Arch>(load<T, Arch>(x + n / outputs * pixel_distance),
                                load<T, Arch>(w + n % outputs * channel_block), sum.at[first * outputs + n])),
     ...);
  }
  (upto<(end - first) * outputs>);
}

/// Their sums become channels of pixels: two pixels fill a vector, as a pair.
template<class T, class Arch, tile_code code, int count>
[[gnu::always_inline]] inline void store_few(T* z, sums<T, Arch, count> const& sum) {
  unroll(
      upto<(code.pixels + 1) / 2>, [&](auto j) __attribute__((always_inline)) {
        vector<T, Arch> lane[channel_block];
        unroll(
            upto<channel_block>, [&](auto n) __attribute__((always_inline)) {
              constexpr int pixel = 2 * j + n % 2, output = n / 2;
              if constexpr (pixel < code.pixels && output < code.blocks)
                lane[n] = sum.at[pixel * code.blocks + output];
              else
                lane[n] = broadcast<T, Arch>(0);
            });
        vector<T, Arch> const pair = sums_over_lanes<T, Arch>(lane);
        constexpr int distance = code.output_step * channel_block;
        store<T, Arch>(z + 2 * j * distance, pixel_of<0, T, Arch>(pair));
        if constexpr (2 * j + 1 < code.pixels) store<T, Arch>(z + (2 * j + 1) * distance, pixel_of<1, T, Arch>(pair));
      });
}

/// All horizontal taps of one input row, `channels` channels.
template<class T, class Arch, tile_code code, int count>
[[gnu::always_inline]] inline void add_taps(T const* x, T const* w, row_sum<T> const& of, int channels,
                                            sums<T, Arch, count>& sum) {
  constexpr int pixel = code.by == summing::planes ? 1 : channel_block;
  unroll(
      upto<code.taps>, [&](auto s) __attribute__((always_inline)) {
        constexpr int first = code.first_pixel(s), end = code.end_pixel(s);
        if constexpr (first < end) {
          constexpr int from = (code.column(first, s) - code.over_left) * pixel;
          T const* const start = code.by == summing::planes ? hide_origin(x) : x;
          if constexpr (code.by == summing::lanes)
            add_own_channels<T, Arch, first, end, code.input_step * pixel>(start + from, w + s * of.w_tap, sum);
          else if constexpr (code.by == summing::few)
            add_few<T, Arch, code.blocks, first, end, code.input_step * pixel>(start + from, w + s * of.w_tap, sum);
          else
            add_tap<T, Arch, vectors_of<T, Arch>(code), first, end, code.input_step * pixel>(
                start + from, code.by == summing::planes ? of.x_step : 1, w + s * of.w_tap, of.w_block, channels, sum);
        }
      });
}

/// All horizontal taps of one input row: every input is loaded once, for all pixels and taps that meet in it.
template<class T, class Arch, tile_code code, int count>
[[gnu::always_inline]] inline void add_columns(T const* x, T const* w, row_sum<T> const& of, int channels,
                                               sums<T, Arch, count>& sum) {
  constexpr bool planar = code.by == summing::planes;
  constexpr int distance = planar ? 1 : channel_block;
  constexpr auto& order = by_columns<code>;
  for (int c = 0; c < channels; ++c, x += planar ? of.x_step : 1, w += channel_block) {
    vector<T, Arch> weight[code.taps];
    [&]<int... s>(constants<s...>) __attribute__((always_inline)) {
      ((weight[s] = load<T, Arch>(w + s * of.w_tap)), ...);
    }
    (upto<code.taps>);
    // A column that is broadcast again is in a register.
    [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
      ((sum.at[order.pixel[n]] = multiply_add<T, Arch>(broadcast<T, Arch>(x[order.column[n] * distance]),
                                                       weight[order.tap[n]], sum.at[order.pixel[n]])),
       ...);
    }
    (upto<order.size>);
  }
}

/// The same of 16 channels that are each their own sum, vector by vector. The bodies are functions of plain numbers,
/// which are cheaper to compile than one for each of them.
template<class T, class Arch, tile_code code, int count>
[[gnu::always_inline]] inline void add_own_columns(T const* x, T const* w, row_sum<T> const& of,
                                                   sums<T, Arch, count>& sum) {
  constexpr int vectors = vectors_per_block<T, Arch>;
  constexpr auto& order = by_columns<code>;
  auto const add_vector = [&](int v) __attribute__((always_inline)) {
    vector<T, Arch> weight[code.taps], input;
    auto const load_weight = [&](int s) __attribute__((always_inline)) {
      weight[s] = load<T, Arch>(w + s * of.w_tap + v * lanes<T, Arch>);
    };
    auto const add = [&](int n) __attribute__((always_inline)) {
      if (order.is_first[n]) input = load_once<T, Arch>(x + order.column[n] * channel_block + v * lanes<T, Arch>);
      vector<T, Arch>& to = sum.at[order.pixel[n] * vectors + v];
      to = multiply_add<T, Arch>(input, weight[order.tap[n]], to);
    };
    [&]<int... s>(constants<s...>) __attribute__((always_inline)) { (load_weight(s), ...); }
    (upto<code.taps>);
    [&]<int... n>(constants<n...>) __attribute__((always_inline)) { (add(n), ...); }
    (upto<order.size>);
  };
  [&]<int... v>(constants<v...>) __attribute__((always_inline)) { (add_vector(v), ...); }
  (upto<vectors>);
}

/// Sums and weights of a tile that adds columns: a few registers are for inputs.
template<class Arch> inline constexpr int most_of_columns = registers<Arch> == 32 ? 28 : 14;

/// Whether it pays, and registers suffice: with more vectors than one each input is used that often anyhow, unless
/// channels are apart.
template<class T, class Arch> constexpr bool adds_columns(tile_code const& code) {
  if (code.by == summing::few || code.taps <= 1 || code.over_left + code.over_right > code.last_column()) return false;
  if (code.by == summing::lanes) return code.pixels * vectors_of<T, Arch>(code) + code.taps < registers<Arch>;
  return vectors_of<T, Arch>(code) == 1 && code.pixels + code.taps <= most_of_columns<Arch>;
}

/// One input row and one step of channels. With few taps of one planar channel and registers to spare,
/// straight code for all taps beats a loop over channels inside each tap.
template<class T, class Arch, tile_code code, int count>
[[gnu::always_inline]] inline void add_row(T const* x, T const* w, row_sum<T> const& of, int channels,
                                           sums<T, Arch, count>& sum) {
  if constexpr (adds_columns<T, Arch>(code) && code.by == summing::lanes)
    add_own_columns<T, Arch, code>(x, w, of, sum);
  else if constexpr (adds_columns<T, Arch>(code))
    add_columns<T, Arch, code>(x, w, of, channels, sum);
  else if constexpr (code.by == summing::planes && code.taps <= 5 && accumulators<Arch> >= 16)
    for (int c = 0; c < channels; ++c) add_taps<T, Arch, code>(x + c * of.x_step, w + c * channel_block, of, 1, sum);
  else
    add_taps<T, Arch, code>(x, w, of, channels, sum);
}

/// Pixels that are read later, into level 2.
template<class T> [[gnu::always_inline]] inline void bring_near(T const* x, long pixels) {
  for (long q = 0; q < pixels; ++q) __builtin_prefetch(x + q * channel_block, 0, 2);
}

/// z(pixels, blocks) = the sum, written once. x is at the first column of the tile that is inside.
template<class T, class Arch, tile_code code>
[[gnu::noinline]] void write_tile(T const* x, T* z, row_sum<T> const& of) {
  constexpr int vectors = vectors_per_block<T, Arch>, width = vectors_of<T, Arch>(code);
  sums<T, Arch, code.pixels * width> sum;
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) { ((sum.at[n] = broadcast<T, Arch>(0)), ...); }
  (upto<code.pixels * width>);
  for (int step = 0; step < of.steps; ++step) {
    int const channels = step + 1 == of.steps ? of.last_channels : channel_block;
    for (int r = 0; r < of.rows; ++r) {
      // g++ 12 would carry its numbers along in vector registers that are free.
      row_sum<T> const& now = registers<Arch> == 32 ? *hide_origin(&of) : of;
      T const* const from = x + step * now.x_step + r * now.x_row;
      if constexpr (code.far)
        bring_near(from + code.input_step * now.x_row, code.last_column() + 1 - code.over_left - code.over_right);
      add_row<T, Arch, code>(from, now.w + step * now.w_step + r * now.w_row, now, channels, sum);
    }
  }
  if constexpr (code.by == summing::few) return store_few<T, Arch, code>(z, sum);
  auto const place = [&](int q, int v) __attribute__((always_inline)) {
    return z + q * code.output_step * channel_block + v / vectors * of.z_block + v % vectors * lanes<T, Arch>;
  };
  [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
    (store<T, Arch>(place(n / width, n % width), sum.at[n]), ...);
  }
  (upto<code.pixels * width>);
  if constexpr (code.idle > 0) {
    [&]<int... n>(constants<n...>) __attribute__((always_inline)) {
      (store<T, Arch>(place(n / code.idle, width + n % code.idle), broadcast<T, Arch>(0)), ...);
    }
    (upto<code.pixels * code.idle>);
  }
}

}  // namespace laminate::kernels
