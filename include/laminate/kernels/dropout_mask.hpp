// Which elements dropout forgets: a pure function of key, node and element, so that no mask is ever stored.
#pragma once

#include <cstdint>
#include <laminate/support/random.hpp>

namespace laminate::kernels {

/// 64 random bits for every element of a node's output: the finaliser of splitmix64 (Steele, Lea and Flood
/// 2014, doi:10.1145/2660193.2660195; https://prng.di.unimi.it/splitmix64.c) over
/// (key ^ node·constant) + element·increment. The constant is any odd number unrelated to the increment; this
/// one is a multiplier from Steele and Vigna 2021, arXiv:2001.05304.
constexpr std::uint64_t dropout_bits(std::uint64_t key, std::uint32_t node, std::uint64_t element) {
  std::uint64_t const start = key ^ (node * std::uint64_t{0xd1342543de82ef95});
  return detail::splitmix_output(start + element * detail::splitmix_step);
}

/// An element is dropped when the upper 53 of its bits are below this: exact integers for any rate.
constexpr std::uint64_t dropout_threshold(double rate) {
  double const scaled = rate * 0x1p53;  // exact: a power of two
  auto const floor = static_cast<std::uint64_t>(scaled);
  return floor + (static_cast<double>(floor) < scaled);
}

/// Whether dropout at `rate` in [0, 1) forgets an element in the forward pass of this key.
/// element = (image·C + c)·pixels + pixel: the position in the logical NCHW batch, wherever it is stored.
/// is_dropped(key, node, element, 0) is false.
constexpr bool is_dropped(std::uint64_t key, std::uint32_t node, std::uint64_t element, double rate) {
  return dropout_bits(key, node, element) >> 11 < dropout_threshold(rate);
}

/// What the elements that are kept are multiplied by, so that the expected value stays.
constexpr double dropout_scale(double rate) { return 1 / (1 - rate); }

}  // namespace laminate::kernels
