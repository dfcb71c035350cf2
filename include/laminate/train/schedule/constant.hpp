// The learning rate as given, all the time.
#pragma once

#include <cstdint>

namespace laminate::schedule {

/// A schedule maps (steps done, steps in all) to the factor by which the optimiser's learning rate is
/// multiplied for the next step: any callable `double(std::uint64_t step, std::uint64_t total)`, with step
/// from 0 to total − 1.
struct Constant {
  double operator()(std::uint64_t, std::uint64_t) const { return 1; }
};

}  // namespace laminate::schedule
