// Rule: pointwise work and reductions run where their newest input is made, while it is still in the cache.
#pragma once

#include <laminate/fusion/fuse.hpp>

namespace laminate::fusion {

/// Store-side fusion. It covers bias and activation after a kernel, the skip-add, the slope and the sums of a
/// normalisation's gradient on the gradient's way out, and pointwise passes that join an earlier pass.
struct while_storing {
  static constexpr char const* says = "while storing";

  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool training) {
    operation const& o = f.op(i);
    if (is_kernel(o.does) || o.lazy) return false;
    if (is_reduction(o.does) && f.is_waiting(o.inputs[0])) f.force(o.inputs[0]);
    int const s = f.latest_maker(i);
    bool const fits = s >= 0 && f.room(s, side::store) >= f.length(i) && f.at_hand(i, s);
    if (!fits || !f.has_numbers_before(i, s, training)) return false;
    // A new step may still be needed when something that waits cannot come along.
    for (int t : o.inputs)
      if (t >= 0 && f.is_waiting(t) && !f.could_run(f.maker(t), s, training)) return false;
    f.pull(i, s, side::store);
    return true;
  }
};

}  // namespace laminate::fusion
