// The code of a pass's steps: from the values of a plan to addresses of functions.
#pragma once

#include <algorithm>
#include <laminate/kernels/run.hpp>
#include <laminate/memory/plan.hpp>

namespace laminate {

/// Whether two steps run the same code, on the same activations and loops of layers.
constexpr bool runs_alike(fusion::step const& a, fusion::step_programs const& of_a, fusion::step const& b,
                          fusion::step_programs const& of_b) {
  if (a.layer != b.layer || !(a.code == b.code) || !same_programs(of_a, of_b)) return false;
  for (int i = 0; i < fusion::all_sides; ++i) {
    auto const &f = of_a[i].functions, &g = of_b[i].functions;
    if (f.size != g.size) return false;
    for (int k = 0; k < f.size; ++k)
      if (f.items[k] != g.items[k]) return false;
  }
  return true;
}
// Few steps share a digest without being alike: comparing whole steps is what takes time.
constexpr unsigned digest(fusion::step const& s, fusion::step_programs const& of) {
  unsigned sum = static_cast<unsigned>(s.code.does) * 31 + s.code.sizes.in.size() * 7 + s.code.sizes.out.size();
  for (int side = 0; side < fusion::all_sides; ++side)
    for (int i = 0; i < of[side].runs.size; ++i) sum = sum * 31 + of[side].runs.bits[i];
  return sum;
}

/// The steps of one pass of a network, compiled. Who asks for no code of a pass compiles none.
template<class Net, class Policy, pass Pass, class T, class Arch> struct sequence {
  static constexpr auto& plan = memory::planning<Net, Policy, Pass>::plan;
  static constexpr int size = plan.steps.size;

  static constexpr fusion::side_code const& side_of(int step, int which) { return plan.programs.items[step][which]; }

  template<int Step, int Side, std::size_t... I>
  static auto activation_types(std::index_sequence<I...>)
      -> kernels::activations<leaf<Net, side_of(Step, Side).functions.items[I]>...>;

  /// The activations one side of a step applies, as types.
  template<int Step, int Side>
  using activations_of =
      decltype(activation_types<Step, Side>(std::make_index_sequence<side_of(Step, Side).functions.size>{}));

  /// step → the first one with the same code. A deep network repeats few steps many times, and the compiler shall look
  /// at each of those only once.
  static constexpr std::array<int, size> first_alike = [] {
    // Different ones whose digests end alike are chained, the newest first.
    constexpr int chains = 64;
    int newest[chains]{}, before[size + 1]{};  // steps from 1 on; 0: none
    unsigned digests[size]{};
    std::array<int, size> first{};
    for (int s = 0; s < size; ++s) {
      fusion::step const& now = plan.steps.items[s];
      fusion::step_programs const& of = plan.programs.items[s];
      unsigned const sum = digest(now, of);
      int& chain = newest[sum % chains];
      int at = chain;
      while (at > 0 &&
             !(digests[at - 1] == sum && runs_alike(plan.steps.items[at - 1], plan.programs.items[at - 1], now, of)))
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

  template<int Step, int Side> static constexpr kernels::program_code<T> program_of() {
    if constexpr (side_of(Step, Side).runs.empty())
      return nullptr;
    else
      return kernels::run_program<side_of(Step, Side).runs, activations_of<Step, Side>, T, Arch>;
  }

  /// The code of step Step, and of those alike: the only place where a plan's values become code. Activations of each
  /// side's program come along as types, and so does the layer whose own loops are the kernel.
  template<int Step>
  static constexpr kernels::step_code<T> code =
      kernels::code_of_step<plan.steps.items[Step].code, layer_of<Step>, T, Arch>(
          {program_of<Step, 0>(), program_of<Step, 1>()}, program_of<Step, fusion::load_sides>());

  /// step → its code.
  static constexpr auto codes = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array<kernels::step_code<T> const*, size>{&code<first_alike[I]>...};
  }
  (std::make_integer_sequence<int, size>{});
};

}  // namespace laminate
