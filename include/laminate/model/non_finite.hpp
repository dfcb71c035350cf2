// The first layer of a forward pass whose results are not finite, as far as the plan keeps results.
#pragma once

#include <algorithm>
#include <cmath>
#include <laminate/graph/parameters.hpp>
#include <laminate/kernels/state.hpp>
#include <laminate/memory/place.hpp>
#include <span>
#include <string>

namespace laminate {

template<class T> bool all_finite(std::span<T const> values) {
  return std::ranges::all_of(values, [](T value) { return std::isfinite(value); });
}

/// Among the results of `made` that outlive step `end`, the first with a number that is not
/// finite: its node; −1 if none. Results that are computed again in the backward pass are not
/// there to be looked at: the next layer is named then.
template<class T>
int first_non_finite_node(kernels::run_state<T> const& state, std::span<fusion::operation const> made,
                          std::span<memory::lifetime const> lives, int end, int output) {
  for (fusion::operation const& o : made) {
    int const t = o.output;
    if (t < 0 || !lives[t].is_used() || (lives[t].last < end && t != output)) continue;
    for (int n = 0; n < state.batch; ++n)
      if (!all_finite(std::span<T const>(state.tensor(t, n), static_cast<std::size_t>(state.tensors[t].stride))))
        return o.node;
  }
  return -1;
}

}  // namespace laminate
