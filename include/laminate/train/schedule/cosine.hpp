// The learning rate falls along half a cosine, from all of it to (almost) none.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace laminate::schedule {

/// factor = last + (1 − last) · (1 + cos(π · step / total)) / 2 (Loshchilov and Hutter 2017,
/// arXiv:1608.03983, without restarts): torch.optim.lr_scheduler.CosineAnnealingLR with T_max = total and
/// eta_min = last · lr.
struct Cosine {
  double last = 0;  ///< the factor after the last step

  double operator()(std::uint64_t step, std::uint64_t total) const {
    double const done = step == 0    ? 0
                        : total == 0 ? 1
                                     : std::min(1.0, static_cast<double>(step) / static_cast<double>(total));
    return last + (1 - last) * (1 + std::cos(std::numbers::pi * done)) / 2;
  }
};

}  // namespace laminate::schedule
