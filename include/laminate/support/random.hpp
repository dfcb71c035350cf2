// Random numbers that are the same with every compiler: xoshiro256** and a counter-based hash.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace laminate {

namespace detail {

// splitmix64 (Sebastiano Vigna, https://prng.di.unimi.it/splitmix64.c, public domain): its increment and its
// output.
inline constexpr std::uint64_t splitmix_step = 0x9e3779b97f4a7c15;

constexpr std::uint64_t splitmix_output(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace detail

/// 64 random bits for every (seed, counter), in any order: number `counter` of a splitmix64 that the seed
/// starts. Nest it for more coordinates: `hash_of(hash_of(seed, epoch), sample)`.
constexpr std::uint64_t hash_of(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t const start = detail::splitmix_output(seed + detail::splitmix_step);
  return detail::splitmix_output(start + (counter + 1) * detail::splitmix_step);
}

/// xoshiro256** 1.0 (David Blackman and Sebastiano Vigna, https://prng.di.unimi.it/xoshiro256starstar.c,
/// public domain). `state` is everything it remembers: store it, set it again, and the same numbers follow.
struct generator {
  std::array<std::uint64_t, 4> state{};

  constexpr explicit generator(std::uint64_t seed = 0) {
    for (std::uint64_t& word : state) word = detail::splitmix_output(seed += detail::splitmix_step);
  }

  /// 64 random bits.
  constexpr std::uint64_t operator()() {
    std::uint64_t const result = std::rotl(state[1] * 5, 7) * 9;
    std::uint64_t const shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = std::rotl(state[3], 45);
    return result;
  }

  /// In [0, 1): a multiple of 2⁻⁵³.
  constexpr double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

  /// In [low, high), rounding aside.
  constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Mean 0 and deviation 1 (Box and Muller 1958). The second number of the pair is thrown away, so that no
  /// half-used pair has to be part of the state. Logarithm and cosine are the C library's: rounded to float
  /// they agree elsewhere.
  double normal() {
    double const radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

  /// One of 0 … n−1, each equally likely (Lemire 2019, arXiv:1805.10941); 0 when n is 0.
  constexpr std::uint32_t below(std::uint32_t n) {
    std::uint64_t product = ((*this)() >> 32) * n;
    if (static_cast<std::uint32_t>(product) < n) {
      std::uint32_t const uneven = (0u - n) % n;
      while (static_cast<std::uint32_t>(product) < uneven) product = ((*this)() >> 32) * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  bool operator==(generator const&) const = default;
};

}  // namespace laminate
