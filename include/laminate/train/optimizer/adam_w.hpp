// AdamW: Adam whose weight decay does not pass through the running means.
#pragma once

#include <laminate/train/optimizer/adam.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace laminate {

/// torch.optim.AdamW, its names, order of operations and defaults (Loshchilov and Hutter 2019,
/// arXiv:1711.05101): first p ← p − lr · weight_decay · p, then Adam's update without its decay.
struct AdamW {
  double lr = 1e-3;
  std::array<double, 2> betas{0.9, 0.999};
  double eps = 1e-8;           ///< above 0, as in Adam
  double weight_decay = 1e-2;  ///< on weights only, unless decay_everything
  bool decay_everything = false;

  static constexpr std::string_view name = "AdamW";
  static constexpr std::array<char const*, 2> buffers = Adam::buffers;

  void check() const { Adam{lr, betas, eps, weight_decay, decay_everything}.check(name); }

  template<class T> auto update(double rate, double decay, std::uint64_t t) const {
    auto const adam = Adam{lr, betas, eps, 0, false}.update<T>(rate, 0, t);
    return [adam, shrink = T(1 - rate * decay)]<class V>(V& p, V const& g, V& m, V& v) {
      p = V(shrink) * p;
      adam(p, g, m, v);
    };
  }
};

}  // namespace laminate
