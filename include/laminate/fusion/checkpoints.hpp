// Checkpoints: the few results of a forward pass from which the backward pass computes the others again.
#pragma once

#include <algorithm>
#include <laminate/fusion/operation.hpp>

namespace laminate::fusion {

/// Results that end with the forward pass although the backward pass uses them. By tensor: 0, it is not one of them;
/// −1, it is; else the tensor that it is computed to again.
template<int Tensors> struct dropped_tensors {
  short again[Tensors > 0 ? Tensors : 1]{};

  constexpr bool has(int t) const { return again[t] != 0; }
};

/// The forward pass as a row of results in memory, and the places where it can be cut: those that nothing but one
/// result crosses. All sizes are of one sample.
template<int Operations> struct checkpoint_search {
  struct cut {
    int operation;  ///< that makes the result which crosses
    int size;
  };
  bounded_list<cut, Operations> cuts{};
  int before[Operations + 1]{};  // operation → size of all results that earlier ones leave in memory
  int made[Operations]{};        // what it leaves itself
  int end = 0;

  template<class Expansion> constexpr explicit checkpoint_search(Expansion const& e) : end(e.forward_end) {
    int last_use[2 * Operations + 1]{};
    for (int i = 0; i < end; ++i)
      for (int t : e.operations[i].inputs)
        if (t >= 0) last_use[t] = i;
    int farthest = 0;  // use of what has been made, the newest left out; the caller's input always stays
    for (int i = 0; i < end; ++i) {
      int const t = e.operations[i].output;
      bool const in_memory = t >= 0 && e.tensors[t].kept;
      made[i] = in_memory ? aligned(stored_size(e.tensors[t].of)) : 0;
      before[i + 1] = before[i] + made[i];
      if (t < 0) continue;
      if (in_memory && farthest <= i) cuts.add({i, made[i]});
      farthest = std::max(farthest, last_use[t]);
    }
  }

  /// What a segment takes: its results, and for the way back two gradients of its largest one.
  constexpr int inside(int first, int last) const {
    int largest = 0;
    for (int i = first; i < last; ++i) largest = std::max(largest, made[i]);
    return before[last] - before[first] + 2 * largest;
  }

  /// Makes each segment as long as what has been kept before it and itself take at most `limit`, and tells of each
  /// checkpoint. False where there is no such division.
  constexpr bool divide(int limit, auto&& tell) const {
    int kept = 0, first = 0, last = -1;  // cut
    for (int c = 0; c <= cuts.size; ++c) {
      int const to = c < cuts.size ? cuts[c].operation : end;
      while (kept + inside(first, to) > limit) {
        if (last < 0) return false;
        tell(first, cuts[last].operation);
        kept += cuts[last].size, first = cuts[last].operation + 1, last = -1;
      }
      last = c;
    }
    return true;
  }
};

/// Drops what lies between checkpoints, which are chosen so that the peak of memory is the lowest: every segment is as
/// long as that peak allows. What follows the last one is used at once, and kept. (Chen et al. 2016, arXiv:1604.06174,
/// search a budget in the same way.)
template<class Expansion, int Tensors>
constexpr void drop_between_checkpoints(Expansion const& e, dropped_tensors<Tensors>& dropped) {
  checkpoint_search<decltype(e.operations)::capacity> const search{e};
  int too_little = 0, enough = search.inside(0, search.end);
  while (enough - too_little > channel_block) {
    int const middle = too_little + (enough - too_little) / 2;
    (search.divide(middle, [](int, int) {}) ? enough : too_little) = middle;
  }
  search.divide(enough, [&](int first, int checkpoint) {
    for (int i = first; i < checkpoint; ++i)
      if (int const t = e.operations[i].output; t >= 0 && e.tensors[t].kept) dropped.again[t] = -1;
  });
}

}  // namespace laminate::fusion
