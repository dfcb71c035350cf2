// Runs a program over a strip: some pixels of one block of channels, while they are in the first-level cache.
#pragma once

#include <laminate/expression/evaluate.hpp>
#include <laminate/fusion/step.hpp>
#include <laminate/kernels/dropout_mask.hpp>
#include <laminate/kernels/tile.hpp>
#include <laminate/layers/activation.hpp>
#include <tuple>
#include <type_traits>

namespace laminate::kernels {

using fusion::code;

/// The activations a program applies, by function slot.
template<class... Activations> struct activations {
  template<int I> using at = mathematics<std::tuple_element_t<I, std::tuple<Activations...>>>;
  static constexpr std::array<bool, sizeof...(Activations)> learned{mathematics<Activations>::learned...};
};

/// A dropout layer's part in a program.
struct dropping {
  std::uint64_t key;
  std::uint32_t node;
  double rate;
};

/// What a program's slots stand for, for the samples of one unit of work. Sums are three vectors per reduction. Without
/// initialisers: only the slots in use are filled.
template<class T> struct strip_operands {
  std::array<T*, fusion::tensor_slots> tensors;  ///< of the unit's first sample
  std::array<long, fusion::tensor_slots> strides;
  std::array<T const*, fusion::channel_slots> channels;
  std::array<T*, fusion::reduction_slots> sums;
  std::array<dropping, fusion::drop_slots> drops;
  shape of{};
  int first_sample = 0;  ///< index in the batch of the unit's first
};

/// Where a strip lies. The first strip of a block in a unit starts the unit's sums.
struct strip {
  int sample = 0;  ///< in the unit
  int block = 0;
  int pixel = 0;
  int count = 0;

  constexpr bool starts_sums() const { return sample == 0 && pixel == 0; }
};

/// Sums that an instruction goes on with.
constexpr int sums_of(code c) { return c == code::sum_and_product ? 2 : c == code::sum ? 1 : 0; }

/// Numbers per channel that an instruction reads.
template<class Functions> constexpr int numbers_of(fusion::instruction in) {
  switch (in.does()) {
    case code::affine: return 2;
    case code::affine_two: return 3;
    case code::add_channel:
    case code::sum_and_product: return 1;
    default: return uses_function(in.does()) && Functions::learned[in.function()] ? 1 : 0;
  }
}

/// The activation of an instruction, void where it has none.
template<class Functions, fusion::instruction in> constexpr auto function_of() {
  if constexpr (uses_function(in.does()))
    return std::type_identity<typename Functions::template at<in.function()>>{};
  else
    return std::type_identity<void>{};
}

constexpr bool accesses_tensor(code c) { return c == code::load || c == code::store || c == code::statistics; }

constexpr bool has_pixel_work(fusion::program const& p) {
  for (int i = 0; i < p.size; ++i)
    if (p[i].does() != code::statistics) return true;
  return false;
}

/// One vector of lanes of a strip: all pixels, the lanes [lane, lane + width) of the block. Nothing here depends on a
/// whole program: instructions that do the same are compiled once for all programs. They are inlined, with `in` and its
/// place `i` in the program as constants.
template<class T, class Arch> struct strip_lanes {
  using V = vector<T, Arch>;
  using tensor_array = std::array<T*, fusion::tensor_slots>;
  using numbers = std::array<V, 3 * fusion::program::capacity>;  ///< per channel, three for each instruction
  using sums = std::array<V, 2 * fusion::program::capacity>;     ///< so far, two for each instruction

  strip_operands<T> const& o;
  strip const& at;
  int lane;

  V channel(int slot) const { return load<T, Arch>(o.channels[slot] + at.block * channel_block + lane); }
  T* sum(int reduction, int which) const {
    return o.sums[reduction] + which * padded(o.of.channels) + at.block * channel_block + lane;
  }

  [[gnu::always_inline]] V mask(int slot, int pixel) const {
    alignas(64) std::array<T, lanes<T, Arch>> factors;
    dropping const& d = o.drops[slot];
    for (int l = 0; l < lanes<T, Arch>; ++l) {
      std::uint64_t const c = at.block * channel_block + lane + l, n = o.first_sample + at.sample;
      std::uint64_t const element = (n * o.of.channels + c) * o.of.pixels() + at.pixel + pixel;
      factors[l] = is_dropped(d.key, d.node, element, d.rate) ? T(0) : static_cast<T>(1 / (1 - d.rate));
    }
    return load<T, Arch>(factors.data());
  }

  /// One instruction on one pixel: t are the tensors, r the registers. A is its activation.
  template<code does, class A>
  [[gnu::always_inline]] void execute(fusion::instruction in, int i, tensor_array const& t, V* r, numbers const& n,
                                      sums& s, int pixel) const {
    int const a = in.a(), b = in.b();
    if constexpr (does == code::load) {
      r[i] = load<T, Arch>(t[in.slot()] + pixel * channel_block);
    } else if constexpr (does == code::store) {
      store<T, Arch>(t[in.slot()] + pixel * channel_block, r[a]);
    } else if constexpr (does == code::affine) {
      r[i] = multiply_add(n[3 * i], r[a], n[3 * i + 1]);
    } else if constexpr (does == code::affine_two) {
      r[i] = multiply_add(n[3 * i], r[a], multiply_add(n[3 * i + 1], r[b], n[3 * i + 2]));
    } else if constexpr (does == code::add_channel) {
      r[i] = r[a] + n[3 * i];
    } else if constexpr (does == code::add) {
      r[i] = r[a] + r[b];
    } else if constexpr (does == code::times) {
      r[i] = r[a] * r[b];
    } else if constexpr (does == code::drop) {
      r[i] = r[a] * mask(in.slot(), pixel);
    } else if constexpr (does == code::sum) {
      s[2 * i] += r[a];
    } else if constexpr (does == code::sum_and_product) {
      s[2 * i] += r[a];
      s[2 * i + 1] = multiply_add(r[a], r[b] - n[3 * i], s[2 * i + 1]);
    } else if constexpr (uses_function(does)) {
      V p(T(0));
      if constexpr (A::learned) p = n[3 * i];
      if constexpr (does == code::apply) r[i] = evaluate(A::value(), r[a], p);
      if constexpr (does == code::slope) r[i] = r[a] * evaluate(A::slope(), r[b], p);
      if constexpr (does == code::slope_from_output) r[i] = r[a] * evaluate(A::slope_of_output(), r[b], p);
      if constexpr (does == code::parameter_slope) r[i] = r[a] * evaluate(A::slope_of_parameter(), r[b], p);
    }
  }

  /// Its tensor, the numbers that it multiplies with or adds, and its sums so far.
  template<int number_count, int sum_count, bool has_tensor>
  [[gnu::always_inline]] void begin(fusion::instruction in, int i, tensor_array& t, numbers& n, sums& s) const {
    if constexpr (has_tensor) {
      long const offset = (static_cast<long>(at.block) * o.of.pixels() + at.pixel) * channel_block + lane;
      t[in.slot()] = o.tensors[in.slot()] + at.sample * o.strides[in.slot()] + offset;
    }
    if constexpr (number_count > 0) n[3 * i] = channel(in.slot());
    if constexpr (number_count > 1) n[3 * i + 1] = channel(in.slot() + 1);
    if constexpr (number_count > 2) n[3 * i + 2] = channel(in.slot() + 2);
    if constexpr (sum_count > 0) s[2 * i] = at.starts_sums() ? V(T(0)) : load<T, Arch>(sum(in.function(), 0));
    if constexpr (sum_count > 1) s[2 * i + 1] = at.starts_sums() ? V(T(0)) : load<T, Arch>(sum(in.function(), 1));
  }

  template<int sum_count, bool statistics>
  [[gnu::always_inline]] void end(fusion::instruction in, int i, tensor_array const& t, sums const& s) const {
    if constexpr (sum_count > 0) store<T, Arch>(sum(in.function(), 0), s[2 * i]);
    if constexpr (sum_count > 1) store<T, Arch>(sum(in.function(), 1), s[2 * i + 1]);
    if constexpr (statistics) add_statistics(t[in.slot()], in.function());
  }

  // Σ (t − k) and Σ (t − k)² with k the unit's first value: never Σ t², which cancels when the mean is far from 0.
  // The strip is read again from the first-level cache.
  [[gnu::always_inline]] void add_statistics(T const* from, int reduction) const {
    int const count = at.count;
    bool const starts = at.starts_sums();
    T* const pivots = sum(reduction, 0);
    V const pivot = starts ? load<T, Arch>(from) : load<T, Arch>(pivots);
    V first = starts ? V(T(0)) : load<T, Arch>(sum(reduction, 1));
    V second = starts ? V(T(0)) : load<T, Arch>(sum(reduction, 2));
    for (int pixel = 0; pixel < count; ++pixel) {
      V const d = load<T, Arch>(from + pixel * channel_block) - pivot;
      first += d;
      second = multiply_add(d, d, second);
    }
    store<T, Arch>(pivots, pivot);
    store<T, Arch>(sum(reduction, 1), first);
    store<T, Arch>(sum(reduction, 2), second);
  }

  template<fusion::program P, class Functions, int... i> [[gnu::always_inline]] void run(constants<i...>) const {
    tensor_array t;  // found once: the compiler cannot know that stores do not change `o`
    numbers n;
    sums s;
    (begin<numbers_of<Functions>(P[i]), sums_of(P[i].does()), accesses_tensor(P[i].does())>(P[i], i, t, n, s), ...);
    int const count = at.count;
    if constexpr (has_pixel_work(P)) {
      for (int pixel = 0; pixel < count; ++pixel) {
        V r[fusion::program::capacity];
        (execute<P[i].does(), typename decltype(function_of<Functions, P[i]>())::type>(P[i], i, t, r, n, s, pixel),
         ...);
      }
    }
    (end<sums_of(P[i].does()), P[i].does() == code::statistics>(P[i], i, t, s), ...);
  }
};

/// A program, compiled.
template<class T> using program_code = void (*)(strip_operands<T> const&, strip const&);

/// Runs program P over a strip.
template<fusion::program P, class Functions, class T, class Arch>
[[gnu::noinline]] void run_program(strip_operands<T> const& o, strip const& at) {
  for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
    strip_lanes<T, Arch>{o, at, lane}.template run<P, Functions>(upto<P.size>);
}

}  // namespace laminate::kernels
