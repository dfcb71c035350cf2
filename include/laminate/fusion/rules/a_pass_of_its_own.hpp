// Rule: what found no better place runs as a pass over memory.
#pragma once

#include <laminate/fusion/fuse.hpp>

namespace laminate::fusion {

/// A pass over memory for this operation alone.
struct a_pass_of_its_own {
  static constexpr char const* says = "a pass of its own";

  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool) {
    f.pull(i, f.open_step(), side::store);
    return true;
  }
};

}  // namespace laminate::fusion
