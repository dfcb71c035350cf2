// Depth first: a few samples go through several steps before the next ones do, so that what one step hands to another
// is still near. A whole batch of it would come back from the last-level cache, or from memory.
#pragma once

#include <algorithm>
#include <laminate/fusion/step.hpp>

namespace laminate::fusion {

// Without initialisers: lists of them are then zero as a whole, not element by element.

/// Where a step stands in its chain.
struct step_in_chain {
  int chain;
  int sums;   ///< its first reduction among all
  long part;  ///< where its part of a weight gradient begins among all, in scalars
};

/// Consecutive steps that samples go through together.
struct chain_of_steps {
  int first, steps;
  int samples;     ///< that go together: whole units of each step
  int reductions;  ///< of all steps
  long part_size;  ///< of their weight gradients, in scalars

  constexpr int end() const { return first + steps; }
};

template<int Steps> struct chained_steps {
  bounded_list<chain_of_steps, Steps> chains{};
  bounded_list<step_in_chain, Steps> links{.size = Steps};  ///< of all steps

  /// Whether any chain has more than one step.
  constexpr bool goes_deep() const { return chains.size < Steps; }
};

/// More samples than these make too few groups for threads.
inline constexpr int most_samples_of_a_chain = 4;

/// Whether a step leaves numbers per channel that other steps read. These wait for the whole batch.
constexpr bool sums_for_others(step const& s) {
  for (reduction const& r : s.store.reductions)
    if (r.does == work::statistics || r.does == work::normalisation_sums) return true;
  return false;
}

/// Scalars that a step's samples share: weights, and the sum of their gradients.
constexpr long shared_by_samples(signature const& s) {
  long const part = part_size(s);
  if (s.by != algorithm::direct) return transformed_size(s.sizes, s.by) + part;
  bool const reads = s.does == work::convolve || s.does == work::convolve_transposed;
  return (reads || part > 0 ? weights_size(s.sizes) : 0) + part;
}

/// A step joins the chain before it as long as all that they make of their samples, and what these share, stays near.
template<int Steps, class Tensors> struct chaining {
  Tensors const& tensors;
  bool depth_first;
  chained_steps<Steps> result{};
  long made = 0, shared = 0;  ///< by the last chain, in scalars; `made` of a sample

  constexpr long made_by(step const& s) const {
    long sum = s.output >= 0 ? stored_size(tensors.items[s.output].of) : 0;
    for (short t : s.store.tensors)
      if (t >= 0 && t != s.output) sum += stored_size(tensors.items[t].of);
    return sum;
  }

  constexpr bool fits(step const& s, int samples) const {
    chain_of_steps const& last = result.chains.items[result.chains.size - 1];
    int const most = std::max(samples, last.samples), least = std::min(samples, last.samples);
    double const scalars = static_cast<double>((made + made_by(s)) * most + shared + shared_by_samples(s.code));
    return most <= most_samples_of_a_chain && most % least == 0 && scalars * sizeof(float) <= near_bytes;
  }

  constexpr void add(int index, step const& s, int samples, bool may_join) {
    if (!may_join || !fits(s, samples)) {
      result.chains.add({}), made = shared = 0;
      result.chains.items[result.chains.size - 1].first = index;
    }
    chain_of_steps& last = result.chains.items[result.chains.size - 1];
    result.links.items[index] = {result.chains.size - 1, last.reductions, last.part_size};
    ++last.steps, last.samples = std::max(samples, last.samples);
    last.reductions += s.store.reductions.size, last.part_size += aligned(part_size(s.code));
    if (depth_first) made += made_by(s), shared += shared_by_samples(s.code);
  }
};

/// The chains of a pass: each step is in one, by itself where nothing goes depth first.
template<int Steps, class Tensors>
constexpr auto chains_of(bounded_list<step, Steps> const& steps, bounded_list<unit_sizes, Steps> const& units,
                         Tensors const& tensors, int forward_steps, bool depth_first) {
  chaining<Steps, Tensors> c{tensors, depth_first};
  bool joinable = false;  // by the next step
  for (int s = 0; s < Steps; ++s) {
    step const& now = steps.items[s];
    bool const alone = !depth_first || on_features(now.code);
    c.add(s, now, units.items[s].samples, joinable && !alone && s != forward_steps);
    joinable = !alone && !sums_for_others(now);
  }
  return c.result;
}

}  // namespace laminate::fusion
