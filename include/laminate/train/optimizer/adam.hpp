// Adam: steps scaled by running means of the gradient and of its square.
#pragma once

#include <laminate/train/optimizer/optimizer.hpp>
#include <laminate/train/optimizer/square_root.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace laminate {

/// torch.optim.Adam, its names, order of operations and defaults (Kingma and Ba 2015, arXiv:1412.6980). At
/// step t:
///   g ← g + weight_decay · p
///   m ← beta1 · m + (1 − beta1) · g           (exp_avg, 0 at first)
///   v ← beta2 · v + (1 − beta2) · g²          (exp_avg_sq, 0 at first)
///   p ← p − lr · m̂ / (√v̂ + eps),   m̂ = m / (1 − beta1^t),   v̂ = v / (1 − beta2^t)
/// Unlike PyTorch's, eps must be above 0: the zeros that pad parameters stay zeros then.
struct Adam {
  double lr = 1e-3;
  std::array<double, 2> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;  ///< L2 penalty; on weights only, unless decay_everything
  bool decay_everything = false;

  static constexpr std::string_view name = "Adam";
  static constexpr std::array<char const*, 2> buffers{"exp_avg", "exp_avg_sq"};

  void check() const { check(name); }
  void check(std::string_view rule) const {
    check_setting(lr >= 0, rule, "an lr of at least 0", lr);
    for (double const beta : betas) check_setting(beta >= 0 && beta < 1, rule, "betas in [0, 1)", beta);
    check_setting(eps > 0, rule, "an eps above 0", eps);
    check_setting(weight_decay >= 0, rule, "a weight_decay of at least 0", weight_decay);
  }

  template<class T> auto update(double rate, double decay, std::uint64_t t) const {
    double const correction1 = 1 - std::pow(betas[0], static_cast<double>(t));
    double const correction2 = 1 - std::pow(betas[1], static_cast<double>(t));
    return [decay = T(decay), keep1 = T(betas[0]), take1 = T(1 - betas[0]), keep2 = T(betas[1]),
            take2 = T(1 - betas[1]), step_size = T(rate / correction1), scale = T(1 / std::sqrt(correction2)),
            eps = T(eps)]<class V>(V& p, V const& gradient, V& m, V& v) {
      V const g = gradient + V(decay) * p;
      m = V(keep1) * m + V(take1) * g;
      v = V(keep2) * v + V(take2) * g * g;
      p = p - V(step_size) * m / (square_root(v) * V(scale) + V(eps));
    };
  }
};

}  // namespace laminate
