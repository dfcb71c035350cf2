// The one place where the machine appears: vectors, fused multiply-add, how many accumulators fit, and
// barriers.
#pragma once

#include <laminate/describe/layout.hpp>
#include <type_traits>
#include <xsimd/xsimd.hpp>

namespace laminate::kernels {

/// `Arch` is a template argument of every kernel, so that translation units compiled for different processors
/// do not define the same function differently.
using default_arch = xsimd::default_arch;

template<class T, class Arch> using vector = xsimd::batch<T, Arch>;

template<class T, class Arch> inline constexpr int lanes = static_cast<int>(vector<T, Arch>::size);

template<class T, class Arch> inline constexpr int vectors_per_block = channel_block / lanes<T, Arch>;

/// 32 registers leave room for 16 accumulators and everything else; 16 registers for 12, two weights, one
/// broadcast.
template<class Arch> inline constexpr int accumulators = std::is_base_of_v<xsimd::avx512f, Arch> ? 16 : 12;

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

/// What is stored stays stored: reads after this come from memory (level 1), not from live accumulators.
[[gnu::always_inline]] inline void keep_in_memory() { asm volatile("" ::: "memory"); }

}  // namespace laminate::kernels
