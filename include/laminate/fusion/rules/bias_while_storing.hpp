// Rule: a layer's bias is added by its own kernel.
#pragma once

#include <laminate/fusion/fuse.hpp>

namespace laminate::fusion {

/// What belongs to the very layer before it even without fusion: a bias, and the sum of its gradient.
struct bias_while_storing {
  static constexpr char const* says = "with its layer";

  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool) {
    if (f.op(i).does != work::add_bias && f.op(i).does != work::bias_sum) return false;
    int const s = f.latest_maker(i);
    if (s < 0) return false;
    f.put(i, s, side::store);
    return true;
  }
};

}  // namespace laminate::fusion
