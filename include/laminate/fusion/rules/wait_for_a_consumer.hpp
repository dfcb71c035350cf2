// Rule: pointwise work waits for the kernel or pass that will pull it in.
#pragma once

#include <laminate/fusion/fuse.hpp>

namespace laminate::fusion {

/// Pointwise work can wait: a later kernel or pass will pull it in.
struct wait_for_a_consumer {
  static constexpr char const* says = "with its consumer";

  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool) {
    if (!is_pointwise(f.op(i).does)) return false;
    if (f.length(i) >= longest_side) f.force(f.op(i).output);
    return true;
  }
};

}  // namespace laminate::fusion
