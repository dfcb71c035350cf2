// What a pass moves between memory and its steps, and what inference takes in all.
#pragma once

#include <algorithm>
#include <laminate/memory/images_together.hpp>
#include <laminate/memory/plan.hpp>
#include <utility>

namespace laminate::memory {

/// The tensors that a step reads from memory and writes to it, each once. What it reads again after it has
/// written it comes from the cache; so does what stays in a core's scratch. The gradient at the network's input is left
/// out: training does not ask for it.
struct traffic {
  bounded_list<short, fusion::load_sides * fusion::tensor_slots + fusion::tensor_slots + 4> read{}, written{};

  constexpr bool writes(int t) const { return std::find(written.begin(), written.end(), t) != written.end(); }
  constexpr bool reads(int t) const { return std::find(read.begin(), read.end(), t) != read.end(); }
};

constexpr traffic traffic_of(fusion::step const& s, fusion::step_programs const& programs) {
  traffic moved;
  auto slots = [&s, &programs](fusion::code wanted, auto&& note) {
    for (int i = 0; i < fusion::all_sides; ++i) {
      fusion::program const& p = programs[i].runs;
      fusion::operands const& o = i < fusion::load_sides ? s.load[i] : s.store;
      for (int k = 0; k < p.size; ++k)
        if (p[k].does() == wanted) note(o.tensors[p[k].slot()]);
    }
  };
  auto write = [&](short t) {
    if (t >= 0 && !moved.writes(t)) moved.written.add(t);
  };
  auto read = [&](short t) {
    bool const is_raw_result = t == s.output;  // still at hand
    if (t >= 0 && !is_raw_result && !moved.writes(t) && !moved.reads(t)) moved.read.add(t);
  };
  slots(fusion::code::store, write);
  write(s.optional ? short{-1} : s.output);
  for (short t : s.inputs) read(t);
  slots(fusion::code::load, read);
  slots(fusion::code::statistics, read);
  return moved;
}

/// Scalars that steps [first, last) move between memory and a core, of the plan p.
template<class Plan> constexpr long scalars_between(Plan const& p, int first, int last) {
  long sum = 0;
  for (int s = first; s < last; ++s) {
    traffic const moved = traffic_of(p.steps.items[s], p.programs.items[s]);
    for (auto const* moving : {&moved.read, &moved.written})
      for (short t : *moving)
        sum += p.tensors.items[t].near ? 0 : stored_size(p.tensors.items[t].of, p.tensors.items[t].lies);
  }
  return sum;
}

/// Scalars a whole pass moves. A constant for every 200 steps: clang 19 allows each of them a million of its own.
template<class Net, class Policy, pass Pass>
inline constexpr long scalars_moved = []<std::size_t... I>(std::index_sequence<I...>) {
  constexpr auto& p = planning<Net, Policy, Pass>::plan;
  return (0L + ... +
          std::integral_constant<long, scalars_between(p, 200 * I, std::min<int>(200 * I + 200, p.steps.size))>::value);
}
(std::make_index_sequence<(planning<Net, Policy, Pass>::plan.steps.size + 199) / 200>{});

/// Scalars of the weights that a step reads, as its kernel reads them.
constexpr long weights_read(fusion::signature const& s) {
  if (s.does == fusion::work::convolve && s.by != algorithm::direct) return transformed_size(s.sizes, s.by);
  bool const reads = s.does == fusion::work::convolve || s.does == fusion::work::convolve_transposed ||
                     s.does == fusion::work::multiply;
  return reads ? weights_size(s.sizes) : 0;
}

/// What one pass of inference takes, for scalars of so many bytes.
template<class Net, class Policy, pass Pass> constexpr inference_footprint footprint_of(double scalar) {
  auto const& p = planning<Net, Policy, Pass>::plan;
  long weights = 0;
  for (fusion::step const& s : p.steps) weights += weights_read(s.code);
  inference_footprint const scalars{.arena = static_cast<double>(p.arena),
                                    .moved = static_cast<double>(scalars_moved<Net, Policy, Pass>),
                                    .weights = static_cast<double>(weights)};
  return scalars.times(scalar);
}

}  // namespace laminate::memory
