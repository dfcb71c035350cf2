// A step of a plan in words: its kernel, its sizes, its algorithms.
#pragma once

#include <laminate/io/summary.hpp>

namespace laminate::looking {

/// A step's kernel in words, in the order of `work`.
inline constexpr std::array kernel_words{"element-wise pass",
                                         "convolve",
                                         "convolve transposed",
                                         "multiply",
                                         "max pool",
                                         "average pool",
                                         "global average pool",
                                         "upsample",
                                         "flatten",
                                         "concatenate",
                                         "layer norm",
                                         "scale channels",
                                         "convolve back",
                                         "convolve transposed back",
                                         "multiply back",
                                         "max pool back",
                                         "average pool back",
                                         "global average pool back",
                                         "upsample back",
                                         "unflatten",
                                         "layer norm back",
                                         "factors' gradient",
                                         "slice"};
static_assert(kernel_words.size() == static_cast<std::size_t>(work::slice) + 1);

inline std::string write_work(signature const& s) {
  std::string const words = kernel_words[static_cast<int>(s.does)];
  window const& w = s.sizes.how;
  bool const convolves = s.does == work::convolve || s.does == work::convolve_back ||
                         s.does == work::convolve_transposed || s.does == work::convolve_transposed_back;
  bool const pools = s.does == work::max_pool || s.does == work::max_pool_back || s.does == work::average_pool ||
                     s.does == work::average_pool_back;
  if (!convolves && !pools) return words;
  return words + " " + write_kernel(w) + write_option("stride", w.stride, pools ? w.kernel : 1);
}

inline std::string write_sizes(signature const& s) {
  bool const back = s.does >= work::convolve_back && s.does <= work::slice;
  if (s.does == work::nothing) return write_shape(s.strip);
  return write_shape(back ? s.sizes.out : s.sizes.in) + " → " + write_shape(s.strip);
}

/// By which algorithms a convolution is computed, where that is not the direct one.
inline std::string write_algorithms(signature const& s) {
  auto const name = [](algorithm a) {
    return a == algorithm::direct ? std::string("direct") : "Winograd<" + std::to_string(outputs_per_tile(a)) + ">";
  };
  if (s.by == algorithm::direct && s.weight_gradient == algorithm::direct) return "";
  if (s.does == work::convolve || s.by == s.weight_gradient) return "by " + name(s.by);
  return "data by " + name(s.by) + ", weights by " + name(s.weight_gradient);
}

}  // namespace laminate::looking
