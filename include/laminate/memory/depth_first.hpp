// Where tensors live while samples go through chains of steps.
#pragma once

#include <laminate/fusion/chain.hpp>
#include <laminate/fusion/operation.hpp>
#include <laminate/memory/place.hpp>

namespace laminate::memory {

/// The lives of tensors that begin and end within a chain of several steps, and so take a core's own memory, of the
/// samples that go together; others are not used. What callers give and get is not among them.
template<class Expansion, int Tensors, int Steps>
constexpr auto lives_in_chains(Expansion const& e, bounded_list<lifetime, Tensors> lives,
                               fusion::chained_steps<Steps> const& of) {
  if (!of.goes_deep()) return bounded_list<lifetime, Tensors>{.size = Tensors};
  for (int t : {e.input, e.output, e.output_gradient, e.input_gradient})
    if (t >= 0) lives.items[t] = {};
  for (lifetime& l : lives.items) {
    if (!l.is_used()) continue;
    int const chain = of.links.items[l.first].chain;
    if (of.chains.items[chain].steps == 1 || of.links.items[l.last].chain != chain) l = {};
  }
  return lives;
}

/// Whether what stays near is a sixteenth of all that steps touch. For less, chains cost more of compiling than they
/// save of a step (decision 032).
template<int Tensors>
constexpr bool enough_lives_in_chains(bounded_list<lifetime, Tensors> const& touched,
                                      bounded_list<lifetime, Tensors> const& near) {
  long all = 0, stays = 0;
  for (lifetime const& l : touched.items) all += l.size;
  for (lifetime const& l : near.items) stays += l.size;
  return 16 * stays >= all && stays > 0;
}

/// The lives of all others. While a step works on one sample another may still be where their chain begins, or already
/// at its end: what a chain touches lives from its first step to its last.
template<int Tensors, int Steps>
constexpr auto lives_in_arena(bounded_list<lifetime, Tensors> lives, bounded_list<lifetime, Tensors> const& near,
                              fusion::chained_steps<Steps> const& of) {
  if (!of.goes_deep()) return lives;
  for (int t = 0; t < Tensors; ++t) {
    lifetime& l = lives.items[t];
    if (near.items[t].is_used()) l = {};
    if (!l.is_used()) continue;
    l.first = of.chains.items[of.links.items[l.first].chain].first;
    l.last = of.chains.items[of.links.items[l.last].chain].end() - 1;
  }
  return lives;
}

/// The gradient at the network's input, which few ask for, takes the place of what its chain is done with: a sample's
/// is made when no step reads that sample's other tensor any more, and both are as large.
template<class Expansion, int Tensors, int Steps>
constexpr int place_of_input_gradient(Expansion const& e, bounded_list<lifetime, Tensors> const& touched,
                                      bounded_list<lifetime, Tensors> const& near,
                                      fusion::chained_steps<Steps> const& of) {
  if (!of.goes_deep() || e.input_gradient < 0 || !touched.items[e.input_gradient].is_used()) return -1;
  lifetime const& made = touched.items[e.input_gradient];
  for (int t = 0; t < Tensors; ++t) {
    lifetime const& l = touched.items[t];
    bool const is_done = l.is_used() && !near.items[t].is_used() && l.last < made.first;
    if (is_done && l.size == made.size && of.links.items[l.last].chain == of.links.items[made.first].chain) return t;
  }
  return -1;
}

}  // namespace laminate::memory
