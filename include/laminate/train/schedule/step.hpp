// The learning rate falls by a constant factor every so many steps.
#pragma once

#include <laminate/support/error.hpp>

#include <cmath>
#include <cstdint>

namespace laminate::schedule {

/// factor = gamma^⌊step / step_size⌋: torch.optim.lr_scheduler.StepLR, counted in optimiser steps instead of
/// epochs.
struct Step {
  std::uint64_t step_size = 0;  ///< in steps; must be given
  double gamma = 0.1;

  double operator()(std::uint64_t step, std::uint64_t) const {
    if (step_size == 0) throw error("schedule::Step", "expected a step_size of at least 1, found 0");
    return std::pow(gamma, static_cast<double>(step / step_size));
  }
};

}  // namespace laminate::schedule
