// Stochastic gradient descent, with momentum or Nesterov's.
#pragma once

#include <laminate/train/optimizer/optimizer.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace laminate {

/// torch.optim.SGD, its names, order of operations and defaults. For gradient g and parameter p:
///   g ← g + weight_decay · p
///   b ← momentum · b + g            (b is momentum_buffer, 0 at first)
///   p ← p − lr · (nesterov ? g + momentum · b : b)
/// Dampening is 0. (Sutskever et al. 2013, http://proceedings.mlr.press/v28/sutskever13.html.)
struct SGD {
  double lr = 1e-3;
  double momentum = 0;
  double weight_decay = 0;  ///< L2 penalty; on weights only, unless decay_everything
  bool nesterov = false;    ///< needs momentum > 0
  bool decay_everything = false;

  static constexpr std::string_view name = "SGD";
  static constexpr std::array<char const*, 1> buffers{"momentum_buffer"};

  void check() const {
    check_setting(lr >= 0, name, "an lr of at least 0", lr);
    check_setting(momentum >= 0, name, "a momentum of at least 0", momentum);
    check_setting(weight_decay >= 0, name, "a weight_decay of at least 0", weight_decay);
    check_setting(!nesterov || momentum > 0, name, "a momentum above 0 with nesterov", momentum);
  }

  template<class T> auto update(double rate, double decay, std::uint64_t) const {
    // p − lr · (own · g + kept · b) with b already updated serves both.
    T const own = nesterov ? T(1) : T(0), kept = nesterov ? T(momentum) : T(1);
    return
        [own, kept, rate = T(rate), decay = T(decay), momentum = T(momentum)]<class V>(V& p, V const& gradient, V& b) {
          V const g = gradient + V(decay) * p;
          b = V(momentum) * b + g;
          p = p - V(rate) * (V(own) * g + V(kept) * b);
        };
  }
};

}  // namespace laminate
