// A chain of steps: its samples in parallel, and the end of its sums.
#pragma once

#include <algorithm>
#include <laminate/fusion/chain.hpp>
#include <laminate/kernels/finish.hpp>
#include <laminate/kernels/units.hpp>
#include <span>

namespace laminate::kernels {

/// The steps of a pass, what their units take, and where they stand in their chains.
struct pass_tables {
  fusion::step const* steps;
  fusion::unit_sizes const* units;
  fusion::step_in_chain const* links;
};

/// A chain while it runs. Its samples go in groups, threads take parts of consecutive groups.
template<class T> class running_chain {
 public:
  /// `codes` are those of all steps of the pass.
  running_chain(run_state<T> const& state, fusion::chain_of_steps const& of, pass_tables const& pass,
                step_code<T> const* const* codes)
      : state_(state), of_(of), pass_(pass), codes_(codes) {
    fusion::step const& first = pass.steps[of.first];
    groups_ = (state.batch + of.samples - 1) / of.samples;
    if (of.steps == 1) pieces_ = pieces_of(first, groups_, state.threads);
    threads_ = threads_worth(first.code, codes[of.first]->vectors_per_block, state.batch, state.threads);
    parts_ = std::min(groups_ * pieces_, of.part_size > 0 ? weight_gradient_parts : parts_of_a_pass);
  }

  void run() const {
    parallel_for(state_.run_loop, parts_, threads_, [&](int part, int thread) { run_part(part, thread); });
    for (int s = of_.first; s < of_.end(); ++s) end(s);
  }

 private:
  /// Where step s sums up its weight gradient in part `part`. One thread takes parts in their order, so two places are
  /// enough: what the second holds is added to the first.
  T* weight_part(int s, int part) const {
    return state_.weight_parts + (threads_ == 1 ? std::min(part, 1) : part) * state_.weight_part_size +
           pass_.links[s].part;
  }

  void run_part(int part, int thread) const {
    for (int s = of_.first; s < of_.end(); ++s)
      if (sums_in_parts(pass_.steps[s].code.does) && !starts_its_sums(pass_.steps[s].code))
        std::fill_n(weight_part(s, part), part_size(pass_.steps[s].code), T(0));
    int const all = groups_ * pieces_, begin = cut_evenly(all, parts_, part), end = cut_evenly(all, parts_, part + 1);
    for (int i = begin; i < end; ++i)
      for (int s = of_.first; s < of_.end(); ++s) run_group(s, i, thread, {begin, end}, weight_part(s, part));
    if (threads_ > 1 || part == 0) return;
    for (int s = of_.first; s < of_.end(); ++s)
      add_part(weight_part(s, part), weight_part(s, 0), 0, part_size(pass_.steps[s].code));
  }

  /// The units of step s for group `at`, or a piece of it, out of those from `among.begin` on.
  void run_group(int s, int at, int thread, span_of among, T* weight_part) const {
    fusion::step const& now = pass_.steps[s];
    fusion::unit_sizes const& sizes = pass_.units[s];
    T* const memory = state_.scratch + thread * state_.scratch_size;
    int const group = at / pieces_, first = group * of_.samples, last = std::min(first + of_.samples, state_.batch);
    unit<T> u{.sums = pass_.links[s].sums,
              .opens = at == among.begin,
              .scratch = {memory + sizes.own[0], memory + sizes.own[1]},
              .work = memory + sizes.own[fusion::load_sides],
              .near = memory + state_.near,
              .near_first = first,
              .near_samples = of_.samples};
    for (u.first = first; u.first < last; u.first += sizes.samples, u.opens = false) {
      u.index = u.first / sizes.samples, u.samples = std::min(sizes.samples, last - u.first);
      u.last = of_.steps > 1 || (at + 1 == among.end && u.first + u.samples == last);
      u.piece = piece_of(now.code, u.samples, at % pieces_, pieces_);
      run_unit(state_, now, *codes_[s], u, weight_part);
    }
  }

  void end(int s) const {
    fusion::step const& now = pass_.steps[s];
    fusion::unit_sizes const& sizes = pass_.units[s];
    if (auto const end_weight_gradient = codes_[s]->end_weight_gradient)
      end_weight_gradient(state_, now, {weight_part(s, 0), threads_ == 1 ? 1 : parts_});
    int const units = (state_.batch + sizes.samples - 1) / sizes.samples;
    for (int r = 0; r < now.store.reductions.size; ++r)
      finish(state_, now.store.reductions[r], state_.sums + (pass_.links[s].sums + r) * state_.sums_size, units,
             sizes.samples);
  }

  run_state<T> const& state_;
  fusion::chain_of_steps const& of_;
  pass_tables const& pass_;
  step_code<T> const* const* codes_;
  int groups_, pieces_ = 1, parts_, threads_;
};

/// Runs consecutive chains, of a pass whose steps have these codes. Compiled once for all networks.
template<class T>
void run_chains(run_state<T> const& state, std::span<fusion::chain_of_steps const> chains, pass_tables const& pass,
                step_code<T> const* const* codes) {
  for (fusion::chain_of_steps const& chain : chains) running_chain<T>(state, chain, pass, codes).run();
}

}  // namespace laminate::kernels
