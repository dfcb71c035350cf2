// Rule: every kernel founds a step; what waits for it alone, or for it first, is computed while it loads.
#pragma once

#include <array>
#include <laminate/fusion/fuse.hpp>

namespace laminate::fusion {

/// Load-side fusion: a waiting input is evaluated, sample by sample, into the core's cache right before the kernel
/// reads it. If others need it as well it goes to memory by the way.
struct kernel_with_waiting_inputs {
  static constexpr char const* says = "while loading";

  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool training) {
    if (!is_kernel(f.op(i).does)) return false;
    int loads = 0;
    int pulled[3]{-1, -1, -1};
    for (int k = 0; k < 3; ++k) {
      int const t = f.op(i).inputs[k];
      if (t < 0 || !f.is_waiting(t)) continue;
      int const m = f.maker(t);
      bool const fits = loads < load_sides && fits_on_load(f.e.tensors[t].of) && f.length(m) <= longest_side;
      if (fits && f.could_run(m, f.steps, training))
        pulled[k] = loads++;
      else
        f.force(t);
    }
    int const s = f.open_step();
    for (int k = 0; k < 3; ++k)
      if (pulled[k] >= 0) f.pull(f.maker(f.op(i).inputs[k]), s, pulled[k] == 0 ? side::first_load : side::second_load);
    f.put(i, s, side::kernel);
    return true;
  }
};

}  // namespace laminate::fusion
