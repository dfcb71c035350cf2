// Runs a program over a strip: some pixels of one block of channels, while they are in the first-level cache.
#pragma once

#include <laminate/expression/evaluate.hpp>
#include <laminate/fusion/step.hpp>
#include <laminate/kernels/dropout_mask.hpp>
#include <laminate/kernels/tile.hpp>
#include <laminate/layers/activation.hpp>
#include <tuple>

namespace laminate::kernels {

/// The activations a program applies, by function slot.
template<class... Activations> struct activations {
  template<int I> using at = mathematics<std::tuple_element_t<I, std::tuple<Activations...>>>;
};

/// A dropout layer's part in a program.
struct dropping {
  std::uint64_t key = 0;
  std::uint32_t node = 0;
  double rate = 0;
};

/// What a program's slots stand for, for the samples of one unit of work. Sums are three vectors per reduction.
template<class T> struct strip_operands {
  std::array<T*, tensor_slots> tensors{};  ///< of the unit's first sample
  std::array<long, tensor_slots> strides{};
  std::array<T const*, channel_slots> channels{};
  std::array<T*, reduction_slots> sums{};
  std::array<dropping, function_slots> drops{};
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

constexpr int sums_of(code c) { return c == code::sum_and_product ? 2 : c == code::sum ? 1 : 0; }

/// One vector of lanes of a strip: all pixels, the lanes [lane, lane + width) of the block.
template<program P, class Functions, class T, class Arch> struct strip_lanes {
  using V = vector<T, Arch>;
  strip_operands<T> const& o;
  strip const& at;
  int lane;

  static constexpr instruction instr(int i) { return P[i]; }

  static constexpr int slots = [] {
    int most = 0;
    for (int i = 0; i < P.size; ++i)
      if (auto const in = instr(i);
          in.does() == code::load || in.does() == code::store || in.does() == code::statistics)
        most = in.slot() + 1 > most ? in.slot() + 1 : most;
    return most;
  }();
  using tensor_array = std::array<T*, slots>;

  // The strip in every tensor, found once: the compiler cannot know that stores do not change `o`.
  tensor_array tensors() const {
    long const offset = (static_cast<long>(at.block) * o.of.pixels() + at.pixel) * channel_block + lane;
    tensor_array found;
    [&]<int... slot>(constants<slot...>) __attribute__((always_inline)) {
      ((found[slot] = o.tensors[slot] + at.sample * o.strides[slot] + offset), ...);
    }
    (upto<slots>);
    return found;
  }
  static constexpr bool has_pixel_work = [] {
    for (int i = 0; i < P.size; ++i)
      if (P[i].does() != code::statistics) return true;
    return false;
  }();

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

  template<int I> [[gnu::always_inline]] static V parameter(std::array<V, 3 * P.capacity> const& numbers) {
    using A = typename Functions::template at<instr(I).function()>;
    if constexpr (A::learned)
      return numbers[3 * I];
    else
      return V(T(0));
  }

  // Instruction I on one pixel: t are the tensors, r the registers, n the numbers per channel, s the running sums.
  template<int I>
  [[gnu::always_inline]] void execute(tensor_array const& t, V* r, std::array<V, 3 * P.capacity> const& n,
                                      std::array<V, 2 * P.capacity>& s, int pixel) const {
    constexpr instruction in = instr(I);
    constexpr int a = in.a(), b = in.b();
    if constexpr (in.does() == code::load) r[I] = load<T, Arch>(t[in.slot()] + pixel * channel_block);
    if constexpr (in.does() == code::store) store<T, Arch>(t[in.slot()] + pixel * channel_block, r[a]);
    if constexpr (in.does() == code::affine) r[I] = multiply_add(n[3 * I], r[a], n[3 * I + 1]);
    if constexpr (in.does() == code::affine_two)
      r[I] = multiply_add(n[3 * I], r[a], multiply_add(n[3 * I + 1], r[b], n[3 * I + 2]));
    if constexpr (in.does() == code::add_channel) r[I] = r[a] + n[3 * I];
    if constexpr (in.does() == code::add) r[I] = r[a] + r[b];
    if constexpr (in.does() == code::times) r[I] = r[a] * r[b];
    if constexpr (in.does() == code::drop) r[I] = r[a] * mask(in.slot(), pixel);
    if constexpr (in.does() == code::sum) s[2 * I] += r[a];
    if constexpr (in.does() == code::sum_and_product) {
      s[2 * I] += r[a];
      s[2 * I + 1] = multiply_add(r[a], r[b] - n[3 * I], s[2 * I + 1]);
    }
    if constexpr (uses_function(in.does())) apply<I>(r, n);
  }

  template<int I> [[gnu::always_inline]] static void apply(V* r, std::array<V, 3 * P.capacity> const& n) {
    constexpr instruction in = instr(I);
    using A = typename Functions::template at<in.function()>;
    V const p = parameter<I>(n);
    if constexpr (in.does() == code::apply) r[I] = evaluate(A::value(), r[in.a()], p);
    if constexpr (in.does() == code::slope) r[I] = r[in.a()] * evaluate(A::slope(), r[in.b()], p);
    if constexpr (in.does() == code::slope_from_output) r[I] = r[in.a()] * evaluate(A::slope_of_output(), r[in.b()], p);
    if constexpr (in.does() == code::parameter_slope)
      r[I] = r[in.a()] * evaluate(A::slope_of_parameter(), r[in.b()], p);
  }

  static constexpr int numbers_of(instruction in) {
    switch (in.does()) {
      case code::affine: return 2;
      case code::affine_two: return 3;
      case code::add_channel:
      case code::sum_and_product: return 1;
      default: return 0;
    }
  }
  template<int I> static constexpr int numbers_read() {
    if constexpr (uses_function(instr(I).does()))
      return Functions::template at<instr(I).function()>::learned ? 1 : 0;
    else
      return numbers_of(instr(I));
  }

  /// The numbers that instruction I multiplies with or adds, and its sums so far.
  template<int I>
  [[gnu::always_inline]] void begin(std::array<V, 3 * P.capacity>& n, std::array<V, 2 * P.capacity>& s) const {
    constexpr int numbers = numbers_read<I>(), sums = sums_of(instr(I).does());
    if constexpr (numbers > 0) n[3 * I] = channel(instr(I).slot());
    if constexpr (numbers > 1) n[3 * I + 1] = channel(instr(I).slot() + 1);
    if constexpr (numbers > 2) n[3 * I + 2] = channel(instr(I).slot() + 2);
    if constexpr (sums > 0) s[2 * I] = at.starts_sums() ? V(T(0)) : load<T, Arch>(sum(instr(I).function(), 0));
    if constexpr (sums > 1) s[2 * I + 1] = at.starts_sums() ? V(T(0)) : load<T, Arch>(sum(instr(I).function(), 1));
  }

  template<int I>
  [[gnu::always_inline]] void end(tensor_array const& t, std::array<V, 2 * P.capacity> const& s, int count) const {
    constexpr int sums = sums_of(instr(I).does());
    if constexpr (sums > 0) store<T, Arch>(sum(instr(I).function(), 0), s[2 * I]);
    if constexpr (sums > 1) store<T, Arch>(sum(instr(I).function(), 1), s[2 * I + 1]);
    if constexpr (instr(I).does() == code::statistics) add_statistics(t[instr(I).slot()], count, instr(I).function());
  }

  void run() const { run(upto<P.size>); }
  template<int... i> [[gnu::always_inline]] void run(constants<i...>) const {
    std::array<V, 3 * P.capacity> n;
    std::array<V, 2 * P.capacity> s;
    (begin<i>(n, s), ...);
    tensor_array const t = tensors();
    int const count = at.count;
    if constexpr (has_pixel_work) {
      for (int pixel = 0; pixel < count; ++pixel) {
        V r[P.capacity];
        (execute<i>(t, r, n, s, pixel), ...);
      }
    }
    (end<i>(t, s, count), ...);
  }

  // Σ (t − k) and Σ (t − k)² with k the unit's first value: never Σ t², which cancels when the mean is far from 0.
  // The strip is read again from the first-level cache.
  [[gnu::always_inline]] void add_statistics(T const* from, int count, int reduction) const {
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
};

/// Runs program P over a strip.
template<program P, class Functions, class T, class Arch>
[[gnu::noinline]] void run_program(strip_operands<T> const& o, strip const& at) {
  for (int lane = 0; lane < channel_block; lane += lanes<T, Arch>)
    strip_lanes<P, Functions, T, Arch>{o, at, lane}.run();
}

}  // namespace laminate::kernels
