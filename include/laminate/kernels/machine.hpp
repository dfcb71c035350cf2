// The one place where the machine appears: vectors, fused multiply-add, how many accumulators fit, and
// barriers.
#pragma once

#include <bit>
#include <laminate/describe/layout.hpp>
#include <type_traits>
#include <utility>
#include <xsimd/xsimd.hpp>

namespace laminate::kernels {

/// `Arch` is a template argument of every kernel, so that translation units compiled for different processors
/// do not define the same function differently.
using default_arch = xsimd::default_arch;

template<class T, class Arch> using vector = xsimd::batch<T, Arch>;

template<class T, class Arch> inline constexpr int lanes = static_cast<int>(vector<T, Arch>::size);

template<class T, class Arch> inline constexpr int vectors_per_block = channel_block / lanes<T, Arch>;

/// Vectors of the last block of `channels` in which there are channels; the others only fill it up.
template<class T, class Arch> constexpr int vectors_of_last_block(int channels) {
  return ((channels - 1) % channel_block + lanes<T, Arch>) / lanes<T, Arch>;
}

/// What computes `channels` of a block, 16 or 8: where a vector would be half empty, half of one. (A processor whose
/// vectors of 512 bits are two of 256 takes half the time.)
#if XSIMD_WITH_AVX512F && XSIMD_WITH_FMA3_AVX2
template<class T, class Arch, int channels>
using arch_of_block = std::conditional_t<(channels < lanes<T, Arch>), xsimd::fma3<xsimd::avx2>, Arch>;
#else
template<class T, class Arch, int> using arch_of_block = Arch;
#endif

template<class Arch> inline constexpr int registers = std::is_base_of_v<xsimd::avx512f, Arch> ? 32 : 16;

/// 32 registers leave room for 16 accumulators and everything else; 16 registers for 12, two weights, one
/// broadcast.
template<class Arch> inline constexpr int accumulators = registers<Arch> == 32 ? 16 : 12;

/// The bytes of level-1 cache a kernel may plan to keep: 32 KiB less what streams through.
inline constexpr long level_1_bytes = 20 * 1024;

template<class T, class Arch> [[gnu::always_inline]] inline vector<T, Arch> load(T const* from) {
  return vector<T, Arch>::load_unaligned(from);
}

template<class T, class Arch> [[gnu::always_inline]] inline void store(T* to, vector<T, Arch> const& value) {
  value.store_unaligned(to);
}

template<class T, class Arch> [[gnu::always_inline]] inline vector<T, Arch> broadcast(T value) {
  return vector<T, Arch>(value);
}

/// a·b + c, in one instruction and one rounding where the machine has it. xsimd 8.1 has none for AVX-512.
template<class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> multiply_add(vector<T, Arch> const& a, vector<T, Arch> const& b,
                                                           vector<T, Arch> const& c) {
#if XSIMD_WITH_AVX512F
  if constexpr (std::is_base_of_v<xsimd::avx512f, Arch>) {
    if constexpr (std::is_same_v<T, float>)
      return _mm512_fmadd_ps(a, b, c);
    else
      return _mm512_fmadd_pd(a, b, c);
  } else
#endif
    return xsimd::fma(a, b, c);
}

/// Whether a vector holds a whole block of channels, so that one whose channels fill half a block or less can hold two
/// pixels: c0 of the first, c0 of the second, c1 of the first …
template<class T, class Arch>
inline constexpr bool has_pairs = std::is_same_v<T, float>&& lanes<T, Arch> == 16 && channel_block == 16;

/// x[0] x[1] x[0] x[1] …
template<class T, class Arch> [[gnu::always_inline]] inline vector<T, Arch> broadcast_pair(T const* x) {
  double both;  // what is loaded at once is broadcast on its way
  __builtin_memcpy(&both, x, sizeof(both));
  return std::bit_cast<vector<T, Arch>>(broadcast<double, Arch>(both));
}

/// The channels of pixel a and those of pixel b as a pair.
template<class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> pair_of(vector<T, Arch> const& a, vector<T, Arch> const& b) {
  using V = typename vector<T, Arch>::register_type;
  return V(__builtin_shufflevector(V(a), V(b), 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
}

/// The channels of pixel 0 or 1 of a pair, and zeros.
template<int pixel, class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> pixel_of(vector<T, Arch> const& pair) {
  using V = typename vector<T, Arch>::register_type;
  constexpr int p = pixel;
  return V(__builtin_shufflevector(V(pair), V{}, p, 2 + p, 4 + p, 6 + p, 8 + p, 10 + p, 12 + p, 14 + p, 16, 17, 18, 19,
                                   20, 21, 22, 23));
}

/// One step on the way to sums over lanes: a and b are sums of `width` lanes each, one after the other, and so is the
/// result, of half as many.
template<int width, class T, class Arch, int... i>
[[gnu::always_inline]] inline vector<T, Arch> fold_lanes(vector<T, Arch> const& a, vector<T, Arch> const& b,
                                                         std::integer_sequence<int, i...>) {
  using V = typename vector<T, Arch>::register_type;
  constexpr int half = width / 2;
  return V(__builtin_shufflevector(V(a), V(b), (i / half * width + i % half)...)) +
         V(__builtin_shufflevector(V(a), V(b), (i / half * width + half + i % half)...));
}

/// Lane i is the sum over all lanes of v[i], for as many as there are lanes. v is used up.
template<class T, class Arch> [[gnu::always_inline]] inline vector<T, Arch> sums_over_lanes(vector<T, Arch>* v) {
  constexpr std::make_integer_sequence<int, lanes<T, Arch>> all{};
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    ((v[i] = fold_lanes<16, T, Arch>(v[2 * i], v[2 * i + 1], all)), ...);
  }
  (std::make_integer_sequence<int, 8>{});
  for (int i = 0; i < 4; ++i) v[i] = fold_lanes<8, T, Arch>(v[2 * i], v[2 * i + 1], all);
  for (int i = 0; i < 2; ++i) v[i] = fold_lanes<4, T, Arch>(v[2 * i], v[2 * i + 1], all);
  return fold_lanes<2, T, Arch>(v[0], v[1], all);
}

/// Hides where a pointer came from, so that the compiler does not hold values loaded through it in registers.
/// Volatile, because two hidings of one pointer are otherwise merged.
template<class T> [[gnu::always_inline]] inline T* hide_origin(T* pointer) {
  asm volatile("" : "+r"(pointer));
  return pointer;
}

/// Forces a value into a register: g++ 12 on AVX2 otherwise reloads one weight for each of its
/// multiplications.
template<class T, class Arch>
[[gnu::always_inline]] inline void keep_in_register([[maybe_unused]] vector<T, Arch>& value) {
#if defined(__x86_64__)
  if constexpr (!std::is_base_of_v<xsimd::avx512f, Arch>) asm("" : "+x"(value.data));
#endif
}

/// Loads what several multiplications use: g++ 12 otherwise loads it again for each, with AVX-512 too, which
/// keep_in_register leaves to it. For kernels that wait for loads.
template<class T, class Arch> [[gnu::always_inline]] inline vector<T, Arch> load_once(T const* from) {
  vector<T, Arch> value = load<T, Arch>(from);
#if defined(__x86_64__)
  asm("" : "+v"(value.data));
#endif
  return value;
}

/// What is stored stays stored: reads after this come from memory (level 1), not from live accumulators.
[[gnu::always_inline]] inline void keep_in_memory() { asm volatile("" ::: "memory"); }

}  // namespace laminate::kernels
