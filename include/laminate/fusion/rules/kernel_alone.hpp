// Rule: every kernel founds a step, and nothing else comes along.
#pragma once

#include <laminate/fusion/fuse.hpp>

namespace laminate::fusion {

/// Without fusion a kernel reads what is in memory.
struct kernel_alone {
  static constexpr char const* says = "a kernel";

  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool) {
    if (!is_kernel(f.op(i).does)) return false;
    f.put(i, f.open_step(), side::kernel);
    return true;
  }
};

}  // namespace laminate::fusion
