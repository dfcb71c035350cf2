// The square root of a number or of a SIMD batch, for the update rules.
#pragma once

#include <cmath>
#include <concepts>
#include <type_traits>
#include <xsimd/xsimd.hpp>

namespace laminate {

template<std::floating_point T> [[gnu::always_inline]] inline T square_root(T value) { return std::sqrt(value); }

/// g++ 12 warns that the plain AVX-512 intrinsic, which xsimd uses, reads something uninitialised (its GCC
/// bug 105593); the one that zeroes no lane is the same instruction without the warning.
template<class T, class Arch>
[[gnu::always_inline]] inline xsimd::batch<T, Arch> square_root(xsimd::batch<T, Arch> const& value) {
#if XSIMD_WITH_AVX512F
  if constexpr (std::is_base_of_v<xsimd::avx512f, Arch>) {
    if constexpr (std::is_same_v<T, float>)
      return _mm512_maskz_sqrt_ps(0xffff, value);
    else
      return _mm512_maskz_sqrt_pd(0xff, value);
  } else
#endif
    return xsimd::sqrt(value);
}

}  // namespace laminate
