// Rules for what found no better place: wait for a consumer, or run as a pass of its own.
#pragma once

#include <laminate/fusion/fuse.hpp>

namespace laminate {

/// Pointwise work can wait: a later kernel or pass will pull it in.
struct wait_for_a_consumer {
  static constexpr char const* says = "with its consumer";

  template<class Fusing>
  static constexpr bool place(Fusing& f, int i, bool) {
    if (!is_pointwise(f.op(i).does)) return false;
    if (f.length(i) >= longest_side) f.force(f.op(i).output);
    return true;
  }
};

/// A pass over memory for this operation alone.
struct a_pass_of_its_own {
  static constexpr char const* says = "a pass of its own";

  template<class Fusing>
  static constexpr bool place(Fusing& f, int i, bool) {
    f.pull(i, f.open_step(), side::store);
    return true;
  }
};

}  // namespace laminate
