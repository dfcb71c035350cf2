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
                                         "custom layer",
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
                                         "custom layer back",
                                         "factors' gradient",
                                         "slice"};
static_assert(kernel_words.size() == static_cast<std::size_t>(fusion::work::slice) + 1);

inline std::string write_work(fusion::signature const& s) {
  using fusion::work;
  std::string const words = kernel_words[static_cast<int>(s.does)];
  window const& w = s.sizes.how;
  bool const convolves = s.does == work::convolve || s.does == work::convolve_back ||
                         s.does == work::convolve_transposed || s.does == work::convolve_transposed_back;
  bool const pools = s.does == work::max_pool || s.does == work::max_pool_back || s.does == work::average_pool ||
                     s.does == work::average_pool_back;
  if (!convolves && !pools) return words;
  return words + " " + write_kernel(w) + write_option("stride", w.stride, pools ? w.kernel : 1);
}

inline std::string write_sizes(fusion::signature const& s) {
  bool const back = s.does >= fusion::work::convolve_back && s.does <= fusion::work::slice;
  if (s.does == fusion::work::nothing) return write_shape(s.strip);
  return write_shape(back ? s.sizes.out : s.sizes.in) + " → " + write_shape(s.strip);
}

inline std::string write_algorithm(algorithm a) {
  return a == algorithm::direct ? "directly" : "by Winograd<" + std::to_string(filtering_of(a, {}).outputs) + ">";
}

/// "by Winograd<4>, reckoned at 38% of the time directly": an algorithm, and what Auto thinks of it.
inline std::string write_choice(sliding const& g, direction d, algorithm chosen) {
  algorithm other = algorithm::direct;
  if (chosen == algorithm::direct)
    for (algorithm a : tiled_algorithms)
      if (suits_algorithm(g, a) &&
          (other == algorithm::direct || fusion::cost_of(g, d, a) < fusion::cost_of(g, d, other)))
        other = a;
  bool const direct = chosen == algorithm::direct;
  double const ratio = fusion::cost_of(g, d, direct ? other : chosen) / fusion::cost_of(g, d, algorithm::direct);
  std::string const percent = std::to_string(static_cast<int>(100 * ratio + 0.5)) + "%";
  return write_algorithm(chosen) + (direct ? " (" + write_algorithm(other) + " reckoned at " + percent + " of that)"
                                           : ", reckoned at " + percent + " of the time directly");
}

/// By which algorithms a convolution is computed and why, where it is not the direct one of whole blocks anyway.
inline std::string write_algorithms(fusion::signature const& s) {
  bool const back = s.does == fusion::work::convolve_back;
  if ((s.does == fusion::work::convolve || back) && is_depthwise(s.sizes)) return "depthwise, a channel a lane";
  if ((s.does != fusion::work::convolve && !back) || !suits_tiles(s.sizes) || s.input == layout::planar) return "";
  if (!back) return write_choice(s.sizes, direction::forward, s.by);
  return "data " + write_choice(backwards(s.sizes), direction::data_gradient, s.by) + "; weights " +
         write_choice(s.sizes, direction::weight_gradient, s.weight_gradient);
}

}  // namespace laminate::looking
