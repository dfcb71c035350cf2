// A pass's steps as code: a direct call for each chain of them, and nothing to decide at run time.
#pragma once

#include <algorithm>
#include <laminate/kernels/chains.hpp>
#include <laminate/kernels/run.hpp>
#include <laminate/memory/plan.hpp>

namespace laminate {

/// Whether two steps run the same code, on the same activations and loops of layers.
constexpr bool runs_alike(step const& a, step const& b) {
  bool same = a.code == b.code && a.layer == b.layer;
  for (int i = 0; i <= load_sides; ++i) {
    auto const &f = (i < load_sides ? a.load[i] : a.store).functions,
               &g = (i < load_sides ? b.load[i] : b.store).functions;
    same = same && f.size == g.size;
    for (int k = 0; k < f.size && same; ++k) same = f.items[k] == g.items[k];
  }
  return same;
}
// Few steps share a digest without being alike: comparing whole steps is what takes time.
constexpr unsigned digest(step const& s) {
  unsigned sum = static_cast<unsigned>(s.code.does) * 31 + s.code.sizes.in.size() * 7 + s.code.sizes.out.size();
  for (program const* p : {&s.code.load[0], &s.code.load[1], &s.code.store})
    for (int i = 0; i < p->size; ++i) sum = sum * 31 + p->bits[i];
  return sum;
}

/// The steps of one pass of a network, compiled.
template<class Net, class Policy, pass Pass, class T, class Arch> struct sequence {
  static constexpr auto& plan = planning<Net, Policy, Pass>::plan;
  static constexpr auto& chains = planning<Net, Policy, Pass>::chained.chains;
  static constexpr kernels::pass_tables tables{plan.steps.items, planning<Net, Policy, Pass>::units.items,
                                               planning<Net, Policy, Pass>::chained.links.items};
  static constexpr int size = plan.steps.size;

  static constexpr operands const& operands_of(int step, int which) {
    return which < load_sides ? plan.steps[step].load[which] : plan.steps[step].store;
  }

  template<int Step, int Which, std::size_t... I>
  static auto activation_types(std::index_sequence<I...>)
      -> kernels::activations<leaf<Net, operands_of(Step, Which).functions[I]>...>;

  /// The activations one side of a step applies, as types.
  template<int Step, int Which>
  using activations_of =
      decltype(activation_types<Step, Which>(std::make_index_sequence<operands_of(Step, Which).functions.size>{}));

  /// step → the first one with the same code. A deep network repeats few steps many times, and the compiler shall look
  /// at each of those only once.
  static constexpr std::array<int, size> first_alike = [] {
    // Different ones whose digests end alike are chained, the newest first.
    constexpr int chains = 64;
    int newest[chains]{}, before[size + 1]{};  // steps from 1 on; 0: none
    unsigned digests[size]{};
    std::array<int, size> first{};
    for (int s = 0; s < size; ++s) {
      unsigned const sum = digest(plan.steps.items[s]);
      int& chain = newest[sum % chains];
      int at = chain;
      while (at > 0 && !(digests[at - 1] == sum && runs_alike(plan.steps.items[at - 1], plan.steps.items[s])))
        at = before[at];
      if (at == 0) before[s + 1] = chain, chain = at = s + 1;
      digests[s] = sum, first[s] = at - 1;
    }
    return first;
  }();

  template<int Leaf> static auto layer_type() -> leaf<Net, Leaf>;
  template<int Leaf>
  requires(Leaf < 0) static void layer_type();
  /// The layer whose own loops are a step's kernel; void where these are the library's.
  template<int Step> using layer_of = decltype(layer_type<plan.steps[Step].layer>());

  /// The code of step Step, and of those alike.
  template<int Step>
  static constexpr kernels::step_code<T> code =
      kernels::code_of_step<plan.steps[Step].code, layer_of<Step>, activations_of<Step, 0>, activations_of<Step, 1>,
                            activations_of<Step, 2>, T, Arch>();

  // A template, so that who only infers has none of training's.
  template<int... I> static constexpr std::array<kernels::step_code<T> const*, size> codes{&code<first_alike[I]>...};
  template<int... I> static constexpr auto all_codes(std::integer_sequence<int, I...>) { return codes<I...>.data(); }

  static constexpr int forward_chains = [] {
    int count = 0;
    while (count < chains.size && chains[count].first < plan.forward_steps) ++count;
    return count;
  }();

  template<int First, int... I>
  static void run_all(kernels::run_state<T> const& state, std::integer_sequence<int, I...>) {
    constexpr auto* codes = all_codes(std::make_integer_sequence<int, size>{});
    // An initialiser list, not a fold: clang limits the nesting of folded expressions to 256.
    int const in_order[] = {0, (kernels::run_chain(state, chains[First + I], tables, codes), 0)...};
    static_cast<void>(in_order);
    static_cast<void>(state);
  }

  static void forward(kernels::run_state<T> const& state) {
    run_all<0>(state, std::make_integer_sequence<int, forward_chains>{});
  }
  static void backward(kernels::run_state<T> const& state) {
    run_all<forward_chains>(state, std::make_integer_sequence<int, chains.size - forward_chains>{});
  }
};

}  // namespace laminate
