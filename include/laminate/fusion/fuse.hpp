// Fusion: every operation gets a place in a step. Rules propose, in order; the first that finds a place decides.
#pragma once

#include <algorithm>
#include <laminate/fusion/expand.hpp>
#include <laminate/fusion/step.hpp>

namespace laminate::fusion {

/// Where an operation runs, and which rule put it there (index into the policy's rules; −1: none, it waits).
struct place {
  short step = -1;
  side on = side::kernel;
  signed char rule = -1;

  constexpr bool decided() const { return step >= 0; }
};

/// The state rules look at and change. Steps are numbered in the order they will run.
template<class Expansion> struct fusing {
  static constexpr int capacity = std::max(1, decltype(Expansion::operations)::capacity);

  Expansion const& e;
  place places[capacity]{};
  int statistics_of[capacity]{};  // node → step whose reductions give the numbers per channel
  int sums_of[capacity]{};
  unsigned char filled[capacity][4]{};  // step, side → operations on it
  int steps = 0;
  int forward_steps = 1 << 20;
  signed char rule = -1;

  constexpr operation const& op(int i) const { return e.operations.items[i]; }

  /// The operation that makes a tensor, or −1 when it is given.
  constexpr int maker(int t) const { return e.tensors.items[t].producer; }
  constexpr bool is_waiting(int t) const {
    int const m = e.tensors.items[t].producer;
    return m >= 0 && places[m].step < 0;
  }

  constexpr int open_step() { return steps++; }

  constexpr void put(int i, int s, side on) {
    places[i] = {static_cast<short>(s), on, rule};
    ++filled[s][static_cast<int>(on)];
    if (yields_sums(op(i).does)) ++filled[s][static_cast<int>(side::store)];  // for they end like those of that side
    if (op(i).does == work::statistics) statistics_of[op(i).node] = s;
    if (op(i).does == work::normalisation_sums) sums_of[op(i).node] = s;
  }

  /// Whether the numbers per channel that an operation uses are finished before step s begins.
  constexpr bool has_numbers_before(int i, int s, bool training) const {
    if (op(i).does == work::normalise && training) return statistics_of[op(i).node] < s;
    if (op(i).does == work::normalise_back) return sums_of[op(i).node] < s;
    return true;
  }

  /// Whether a waiting operation and all that waits before it could run in step s.
  constexpr bool could_run(int i, int s, bool training) const {
    if (!is_pointwise(op(i).does) || !has_numbers_before(i, s, training)) return false;
    for (int t : op(i).inputs) {
      if (t < 0) break;
      if (is_waiting(t) && !could_run(maker(t), s, training)) return false;
    }
    return true;
  }

  constexpr int room(int s, side on) const { return longest_side - filled[s][static_cast<int>(on)]; }

  constexpr int length(int i) const {  // operations that would come along with i
    int n = 1;
    for (int t : op(i).inputs) {
      if (t < 0) break;
      if (is_waiting(t)) n += length(maker(t));
    }
    return n;
  }

  /// Puts a waiting operation and all that waits before it on one side of step s.
  constexpr void pull(int i, int s, side on) {
    for (int t : op(i).inputs) {
      if (t < 0) break;
      if (is_waiting(t)) pull(maker(t), s, on);
    }
    put(i, s, on);
  }

  /// Gives a waiting tensor a pass of its own; more than one when the chain that waits is long.
  constexpr void force(int t) {
    if (!is_waiting(t)) return;
    for (int before : op(maker(t)).inputs)
      if (before >= 0 && length(maker(t)) > longest_side) force(before);
    pull(maker(t), open_step(), side::store);
  }

  /// The latest step that makes something i needs, itself or by way of what waits; −1 when there is none.
  constexpr int latest_need(int i) const {
    int s = -1;
    for (int t : op(i).inputs) {
      if (t < 0) break;
      int const m = maker(t);
      if (m < 0) continue;
      int const needed = places[m].decided() ? places[m].step : latest_need(m);
      if (needed > s) s = needed;
    }
    return s;
  }

  /// The same as a step that i may join: none of the forward pass for an operation of the backward pass, since what it
  /// needs may include the gradient given.
  constexpr int latest_maker(int i) const {
    int const s = latest_need(i);
    return i >= e.forward_end && s < forward_steps ? -1 : s;
  }

  /// Whether every input of i, and of what waits for i, that step s makes is at hand on its store side.
  constexpr bool at_hand(int i, int s) const {
    for (int t : op(i).inputs) {
      if (t < 0) break;
      int const m = maker(t);
      if (m < 0) continue;
      place const& p = places[m];
      if (!p.decided() ? !at_hand(m, s) : p.step == s && p.on != side::store && p.on != side::kernel) return false;
    }
    return true;
  }
};

/// An ordered list of rules.
template<class... Rules> struct rules {
  template<class Fusing> static constexpr bool place(Fusing& f, int i, bool training) {
    f.rule = -1;
    return ((++f.rule, Rules::place(f, i, training)) || ...);
  }
};

/// Gives every operation its place.
template<class Rules, class Expansion> constexpr auto fuse(Expansion const& e, bool training) {
  fusing<Expansion> f{e};
  for (int n = 0; n < f.capacity; ++n) f.statistics_of[n] = f.sums_of[n] = 1 << 20;
  for (int i = 0; i < e.operations.size; ++i) {
    if (i == e.forward_end) f.force(e.output), f.forward_steps = f.steps;
    Rules::place(f, i, training);
  }
  f.force(e.output);
  f.forward_steps = std::min(f.forward_steps, f.steps);
  if (e.input_gradient >= 0) f.force(e.input_gradient);
  return f;
}

}  // namespace laminate::fusion
