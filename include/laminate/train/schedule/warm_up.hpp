// The learning rate rises linearly at first; another schedule follows.
#pragma once

#include <laminate/train/schedule/constant.hpp>

#include <cstdint>

namespace laminate::schedule {

/// `WarmUp{.steps = 500, .then = Cosine{}}`: for the first `steps` steps
///   factor = (start_factor + (1 − start_factor) · step / steps) · then(0, total − steps),
/// torch.optim.lr_scheduler.LinearLR and its default start_factor; afterwards then(step − steps, total −
/// steps), as SequentialLR chains them.
template<class Then = Constant> struct WarmUp {
  std::uint64_t steps = 0;
  double start_factor = 1.0 / 3;
  Then then{};

  double operator()(std::uint64_t step, std::uint64_t total) const {
    std::uint64_t const rest = total > steps ? total - steps : 0;
    if (step >= steps) return then(step - steps, rest);
    double const done = static_cast<double>(step) / static_cast<double>(steps);
    return (start_factor + (1 - start_factor) * done) * then(0, rest);
  }
};

}  // namespace laminate::schedule
