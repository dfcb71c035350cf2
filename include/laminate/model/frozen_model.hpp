// FrozenModel<Net, Weights>: a network that only infers, with weights that are part of the program.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <laminate/model/numbers.hpp>
#include <laminate/model/running_plan.hpp>
#include <laminate/model/sequence.hpp>
#include <laminate/model/straight_inference.hpp>
#include <span>
#include <string_view>

namespace laminate {

/// A tensor that is part of the program: its name in state_dict, its shape, and where its numbers begin.
struct frozen_tensor {
  std::string_view name;
  int rank = 0;
  std::array<int, 4> dims{};
  std::int64_t first = 0;
};

namespace detail {

/// Takes what `text` begins with away from it.
constexpr bool take(std::string_view& text, std::string_view what) {
  bool const fits = text.starts_with(what);
  if (fits) text.remove_prefix(what.size());
  return fits;
}
constexpr bool take(std::string_view& text, int number) {
  if (number >= 10 && !take(text, number / 10)) return false;
  bool const fits = text.starts_with(static_cast<char>('0' + number % 10));
  if (fits) text.remove_prefix(1);
  return fits;
}

/// Whether `name` is "3.body.0" + "." + "weight", without making such a text.
constexpr bool is_name_of(std::string_view name, layer_path const& at, parameter_kind kind) {
  for (int i = 0; i < at.depth; ++i) {
    int const step = at.steps[i];
    bool const fits = step == layer_path::body       ? take(name, "body")
                      : step == layer_path::shortcut ? take(name, "shortcut")
                      : step == layer_path::branches ? take(name, "branches")
                                                     : take(name, step);
    if (!fits || !take(name, ".")) return false;
  }
  return name == torch_name(kind);
}

}  // namespace detail

/// Where in Weights::tensors each of Net's parameters is; −1 where none has its name and shape.
template<class Net, class Weights>
inline constexpr auto frozen_places = [] {
  std::array<int, parameters_of<Net>.size()> places{};
  for (std::size_t i = 0; i < places.size(); ++i) {
    parameter const& p = parameters_of<Net>[i];
    places[i] = -1;
    for (std::size_t k = 0; k < Weights::tensors.size(); ++k) {
      frozen_tensor const& t = Weights::tensors[k];
      if (t.rank == p.rank && t.dims == p.dims && detail::is_name_of(t.name, graph_of<Net>.nodes[p.node].at, p.kind))
        places[i] = static_cast<int>(k);
    }
  }
  return places;
}();

/// Stops the compiler, with the entry of parameters_of<Net> that is not there in its message.
template<class Net, class Weights, int Entry> struct frozen_weights_fit {
  static_assert(Entry < 0,
                "the frozen weights are not those of this network: it has no tensor of the name and shape of "
                "this entry of parameters_of<Net>");
};

/// Infers on one thread, with all memory a part of the object: no heap, no file, no exception. `Weights` is
/// the type that laminate_embed_weights makes of a checkpoint; that it fits the network is checked while
/// compiling. To be a static object: its size is that of the weights and of the arena.
template<class Net, class Weights, int Capacity = 1, class Policy = Fused, class Arch = kernels::default_arch>
class FrozenModel {
  using T = float;
  static constexpr auto& g = graph_of<Net>;
  static constexpr auto& table = parameters_of<Net>;
  static constexpr auto& plan = running<Net, Policy, pass::inference>;
  using straight = straight_inference<Net, Policy, T, Arch>;
  static_assert(is_accepted<Net> && Capacity > 0);

 public:
  using scalar = T;
  using network = Net;
  static constexpr shape in = g.nodes[0].out;
  static constexpr shape out = g.output().out;

  /// Brings the weights into the kernels' layout.
  FrozenModel() {
    constexpr auto& places = frozen_places<Net, Weights>;
    static_cast<void>(frozen_weights_fit<Net, Weights, missing()>{});
    for (std::size_t i = 0; i < table.size(); ++i) {
      graph_node const& v = g.nodes[table[i].node];
      T* const to = (is_learned(table[i].kind) ? learned_.data() : remembered_.data()) + needs.at[i];
      pack_parameter(table[i], v, Weights::numbers() + Weights::tensors[static_cast<std::size_t>(places[i])].first, to);
      attach_parameter(table[i], v, memory_[table[i].node], to, static_cast<T*>(nullptr));
    }
    attach_derived<T>(g.all(), needs.algorithms, {vectors_.data(), nullptr, tiles_.data()}, memory_);
    scale_by_running_statistics<T>(g.all(), memory_);
    spread_slopes<T>(g.all(), memory_);
    if constexpr (!straight::fits)
      for (int i = 0; i < plan.size; ++i)
        if (codes()[i]->prepare_weights)
          codes()[i]->prepare_weights(plan.steps.steps[i], memory_[plan.steps.steps[i].node]);
  }
  FrozenModel(FrozenModel const&) = delete;

  static constexpr int capacity() { return Capacity; }

  /// y = the network's output for the whole samples in x, at most Capacity; false, and nothing is done, where
  /// sizes do not fit.
  bool infer(std::span<T const> x, std::span<T> y) {
    std::size_t const one = static_cast<std::size_t>(in.size()), n = x.size() / one;
    if (n < 1 || n > Capacity || x.size() != n * one || y.size() != n * static_cast<std::size_t>(out.size()))
      return false;
    if constexpr (straight::fits) {
      straight::infer(memory_, x.data(), y.data(), static_cast<int>(n));
    } else {
      kernels::run_state<T> const state{.batch = static_cast<int>(n),
                                        .capacity = Capacity,
                                        .nodes = g.all(),
                                        .memory = memory_,
                                        .tensors = plan.tensors,
                                        .arena = arena_.data(),
                                        .scratch = scratch_.data(),
                                        .scratch_size = scratch_size};
      run_forward(state, plan, codes(), x, y);
    }
    return true;
  }

  /// The class of one sample: the largest output, the first of equals; −1 where x is not one sample.
  int classify(std::span<T const> x) {
    std::array<T, static_cast<std::size_t>(out.size())> y;
    return infer(x, y) ? static_cast<int>(std::max_element(y.begin(), y.end()) - y.begin()) : -1;
  }

 private:
  static auto codes() { return sequence<Net, Policy, pass::inference, T, Arch>::codes.data(); }

  static consteval int missing() {
    auto const& places = frozen_places<Net, Weights>;
    auto const found = std::find(places.begin(), places.end(), -1);
    return found == places.end() ? -1 : static_cast<int>(found - places.begin());
  }
  // What it takes of memory, and where parameters and weights go in it.
  struct needed {
    std::array<int, table.size()> at{};
    std::array<node_algorithms, static_cast<std::size_t>(g.size)> algorithms{};
    parameter_sizes parameters;
    derived_sizes derived;
  };
  static constexpr needed needs = [] {
    needed all;
    all.parameters = place_parameters(table, g.all(), all.at);
    note_algorithms(plan.all(), all.algorithms);
    all.derived = sizes_of_derived(g.all(), all.algorithms);
    return all;
  }();
  static constexpr long scratch_size = aligned(plan.numbers.scratch);

  template<long Size> struct memory {
    alignas(64) T values[Size > 0 ? Size : 1]{};
    T* data() { return values; }
  };
  memory<needs.parameters.learned> learned_;
  memory<needs.parameters.remembered> remembered_;
  memory<needs.derived.vectors> vectors_;
  memory<needs.derived.tile_weights> tiles_;
  memory<static_cast<long>(plan.numbers.arena) * Capacity> arena_;
  memory<scratch_size> scratch_;
  std::array<kernels::node_memory<T>, static_cast<std::size_t>(g.size)> memory_{};
};

}  // namespace laminate
