// The rim of a model: checks of what the caller hands in, and conversion of layouts.
#pragma once

#include <laminate/model/layouts.hpp>
#include <laminate/support/error.hpp>
#include <span>
#include <string>

namespace laminate {

inline std::string text_of(shape s) {
  std::string const channels = std::to_string(s.channels);
  if (s.is_features()) return "(" + channels + ")";
  return "(" + channels + ", " + std::to_string(s.height) + ", " + std::to_string(s.width) + ")";
}

inline int checked_capacity(int capacity) {
  if (capacity < 1) throw error("model: the capacity must be at least 1 sample, not " + std::to_string(capacity));
  return capacity;
}

/// Says what does not fit of a batch.
[[noreturn]] inline void refuse_batch(std::size_t x, std::size_t y, shape in, shape out, int capacity) {
  std::size_t const one = in.size();
  if (x == 0 || x % one != 0)
    throw error("input: " + std::to_string(x) + " numbers are not a batch of samples " + text_of(in) + " of " +
                std::to_string(one) + " numbers each");
  if (x / one > static_cast<std::size_t>(capacity))
    throw error("input: a batch of " + std::to_string(x / one) + " is over the model's capacity of " +
                std::to_string(capacity) + ", given at its construction");
  throw error("output: " + std::to_string(y) + " numbers given for " + std::to_string(x / one) + " results " +
              text_of(out));
}

/// The number of samples in x, or an exception that says what does not fit. Inlined, where the shapes are constants: a
/// division by any number takes as long as a small layer.
[[gnu::always_inline]] inline int checked_batch(std::size_t x, std::size_t y, shape in, shape out, int capacity) {
  std::size_t const n = x / static_cast<std::size_t>(in.size());
  bool const fits = n > 0 && n * in.size() == x && n * out.size() == y && n <= static_cast<std::size_t>(capacity);
  if (!fits) refuse_batch(x, y, in, out, capacity);
  return static_cast<int>(n);
}

inline void check_gradient(std::size_t dy, std::size_t dx, shape in, shape out, int batch) {
  if (batch == 0) throw error("backward: there is no forward pass to go back from; each one serves one backward pass");
  std::size_t const n = batch;
  if (dy != n * out.size())
    throw error("output gradient: " + std::to_string(dy) + " numbers given; the last forward pass had " +
                std::to_string(n) + " results " + text_of(out));
  if (dx != 0 && dx != n * in.size())
    throw error("input gradient: room for " + std::to_string(dx) + " numbers given; " + std::to_string(n) +
                " samples " + text_of(in) + " are needed");
}

/// Statistics of one value are none: its variance is 0 and every output would be the shift.
inline void check_statistics(std::span<graph_node const> nodes, int batch) {
  for (graph_node const& n : nodes)
    if (n.acts_as == role::normalisation && batch * n.out.pixels() < 2)
      throw error(
          "batch normalisation cannot train on one value per channel: the batch has one sample and its input is " +
          text_of(n.in));
}

}  // namespace laminate
