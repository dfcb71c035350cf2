// Which results of the forward pass stay in memory for the backward pass, and which are computed again from others.
#pragma once

#include <algorithm>
#include <laminate/fusion/operation.hpp>
#include <laminate/graph/node.hpp>

namespace laminate::fusion {

/// A sample up to this many bytes is worth computing into a core's own cache right before the kernel that reads it.
/// Larger ones would fall out of the L2 cache of today's processors (512 KiB – 2 MiB) before they are read.
inline constexpr int largest_sample_computed_on_load = 512 * 1024;

/// Pointwise operations in a row that are cheaper to do again than to keep; only unusual networks have more.
inline constexpr int longest_chain_computed_again = 4;

/// An activation of more vector operations than this is kept: to write and read a vector in the caches
/// beyond the second level takes about as long. It divides ReLU and its kind from what needs an exponential.
inline constexpr int dearest_computed_again = 10;

constexpr bool fits_on_load(shape s) {
  return stored_size(s) * static_cast<int>(sizeof(float)) <= largest_sample_computed_on_load;
}

/// Marks tensors that are not kept, and operations that wait for their consumer (`lazy`).
/// A pointwise result is recomputed when one operation alone consumes it and it hangs on a normalisation's statistics
/// (so that it cannot be finished while the kernel before it stores) or on an activation whose slope needs its input;
/// unless that takes longer than keeping it. Where several consume it, it is kept, but not for the backward pass
/// where that would read one tensor more to compute it again, or none. What a normalisation reads does not count: its
/// gradient reads that too, in the same steps. (Checkpoints say themselves what follows from them.)
template<class Expansion, class Graph>
constexpr void choose_what_to_keep(Expansion& e, Graph const& g, pass p, keeping what) {
  constexpr int tensors = decltype(e.tensors)::capacity + 1;
  constexpr short too_many = 100;
  short consumers[tensors]{}, consumer[tensors]{}, chain[tensors]{};
  short more[tensors]{};  // to read where it is computed again, of results that are not kept
  for (int i = 0; i < e.operations.size; ++i)
    for (int t : e.operations.items[i].inputs) {
      if (t < 0) break;
      ++consumers[t], consumer[t] = static_cast<short>(i);
    }

  for (int i = 0; i < e.operations.size; ++i) {
    operation& o = e.operations.items[i];
    if (!is_pointwise(o.does)) continue;
    bool waits = p == pass::training && (o.does == work::normalise || o.does == work::drop);
    if (p == pass::training && o.does == work::activate) waits = waits || !g.nodes[o.node].activation.slope_of_output;
    bool const dear = o.does == work::activate && g.nodes[o.node].activation.cost > dearest_computed_again;
    bool const cheap = o.does == work::normalise || o.does == work::add || (o.does == work::activate && !dear);
    short reads = cheap ? 0 : too_many;
    for (int t : o.inputs) {
      if (t < 0) break;
      tensor const& from = e.tensors.items[t];
      if (from.kept) {
        reads += from.returns ? o.does != work::normalise : too_many;
        continue;
      }
      reads += more[t];
      waits = waits || e.operations.items[from.producer].lazy;
      if (chain[o.output] <= chain[t]) chain[o.output] = static_cast<short>(chain[t] + 1);
    }
    o.lazy = waits;
    more[o.output] = reads;
    tensor& made = e.tensors[o.output];
    if (consumers[o.output] > 1 && p == pass::training && what != keeping::checkpoints)
      made.returns = reads > 1 || !fits_on_load(made.of);
    if (consumers[o.output] != 1 || chain[o.output] == longest_chain_computed_again || (dear && p == pass::training))
      continue;
    operation const& next = e.operations[consumer[o.output]];
    made.kept = !(is_pointwise(next.does) || (o.lazy && is_kernel(next.does) && fits_on_load(made.of)));
  }
}

}  // namespace laminate::fusion
