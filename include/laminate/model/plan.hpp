// plan<Net>: what a network costs and which of its layers share a kernel, as a value for static_assert.
#pragma once

#include <laminate/graph/parameters.hpp>
#include <laminate/memory/plan.hpp>
#include <span>

namespace laminate {

// What each rule of a policy says.
template<class Rules> struct reasons_of;
template<class... Rules> struct reasons_of<rules<Rules...>> {
  static constexpr std::array<char const*, sizeof...(Rules)> says{Rules::says...};
};

/// One planned pass without its sizes in the type, so that whatever looks at plans is compiled only once.
struct planned_pass {
  std::span<node const> nodes;
  std::span<operation const> operations;
  std::span<tensor const> tensors;
  std::span<tensor_plan const> placed;  ///< where each of them lies
  std::span<lifetime const> lives;      ///< and when
  std::span<place const> places;        ///< of the operations
  std::span<step const> steps;
  std::span<char const* const> reasons;  ///< by place::rule
  int forward_steps = 0;
  int forward_end = 0;  ///< operations before it make up the forward pass
  int output = 0, output_gradient = -1, input_gradient = -1;
  long arena = 0;  ///< scalars per sample
  bool fuses = false;

  constexpr long bytes(int t) const {
    return stored_size(tensors[t].of, tensors[t].lies) * static_cast<long>(sizeof(float));
  }
};

template<class Net, class Policy, pass Pass>
inline constexpr planned_pass planned = [] {
  using stages = planning<Net, Policy, Pass>;
  auto const& e = stages::expanded;
  auto const& p = stages::plan;
  std::size_t const operations = e.operations.size, nodes = graph_of<Net>.size;
  return planned_pass{.nodes = std::span(graph_of<Net>.nodes).first(nodes),
                      .operations = std::span(e.operations.items).first(operations),
                      .tensors = std::span(e.tensors.items).first(e.tensors.size),
                      .placed = std::span(p.tensors.items).first(e.tensors.size),
                      .lives = std::span(stages::lives.items).first(e.tensors.size),
                      .places = std::span(stages::fused.places).first(operations),
                      .steps = std::span(p.steps.items).first(p.steps.size),
                      .reasons = reasons_of<typename Policy::fusion>::says,
                      .forward_steps = p.forward_steps,
                      .forward_end = e.forward_end,
                      .output = p.output,
                      .output_gradient = p.output_gradient,
                      .input_gradient = p.input_gradient,
                      .arena = p.arena,
                      .fuses = Policy::keeps != keeping::all};
}();

/// The tensors that a step reads from memory and writes to it, each once. What it reads again after it has
/// written it comes from the cache; so does what stays in a core's scratch. The gradient at the network's
/// input is left out: training does not ask for it.
struct traffic {
  list<short, load_sides * tensor_slots + tensor_slots + 4> read{}, written{};

  constexpr bool writes(int t) const { return std::find(written.begin(), written.end(), t) != written.end(); }
  constexpr bool reads(int t) const { return std::find(read.begin(), read.end(), t) != read.end(); }
};

constexpr traffic traffic_of(step const& s) {
  traffic moved;
  auto slots = [&s](code wanted, auto&& note) {
    for (int i = 0; i <= load_sides; ++i) {
      program const& p = i < load_sides ? s.code.load[i] : s.code.store;
      operands const& o = i < load_sides ? s.load[i] : s.store;
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
  slots(code::store, write);
  write(s.optional ? short{-1} : s.output);
  for (short t : s.inputs) read(t);
  slots(code::load, read);
  slots(code::statistics, read);
  return moved;
}

constexpr long bytes_of(planned_pass const& p, auto const& tensors) {
  long sum = 0;
  for (short t : tensors) sum += p.bytes(t);
  return sum;
}
constexpr long bytes_read(planned_pass const& p, step const& s) { return bytes_of(p, traffic_of(s).read); }
constexpr long bytes_written(planned_pass const& p, step const& s) { return bytes_of(p, traffic_of(s).written); }

/// Bytes that steps [first, last) move.
constexpr long bytes_moved(planned_pass const& p, std::size_t first, std::size_t last) {
  long sum = 0;
  for (std::size_t s = first; s < last; ++s) {
    traffic const moved = traffic_of(p.steps[s]);
    sum += bytes_of(p, moved.read) + bytes_of(p, moved.written);
  }
  return sum;
}

/// Bytes a whole pass moves. A constant for every 200 steps: clang 19 allows each of them a million of its own.
template<class Net, class Policy, pass Pass>
inline constexpr long moved_by = []<std::size_t... I>(std::index_sequence<I...>) {
  constexpr planned_pass const& p = planned<Net, Policy, Pass>;
  return (0L + ... +
          std::integral_constant<long, bytes_moved(p, 200 * I, std::min(200 * I + 200, p.steps.size()))>::value);
}
(std::make_index_sequence<(planned<Net, Policy, Pass>.steps.size() + 199) / 200>{});

/// The step that computes node n's result in the forward pass; −1 for the input and a dropout of nothing.
constexpr int step_of(planned_pass const& p, int n) {
  int found = -1;
  for (int i = 0; i < p.forward_end; ++i)
    if (p.operations[i].node == n && p.operations[i].output >= 0) found = p.places[i].step;
  return found;
}

/// Multiply-adds of one sample through a layer; as in most tables, of convolutions and dense layers only.
constexpr long multiply_adds(node const& v) {
  if (v.acts_as == role::dense) return static_cast<long>(v.in.channels) * v.out.channels;
  if (v.acts_as == role::transposed_convolution)
    return static_cast<long>(v.in.size()) * (v.out.channels / v.how.groups) * v.how.kernel * v.how.kernel;
  if (v.acts_as != role::convolution) return 0;
  return static_cast<long>(v.out.size()) * (v.in.channels / v.how.groups) * v.how.kernel * v.how.kernel;
}

/// The numbers of a network under a policy. Bytes are those of float and, but for arena_bytes, of one sample.
struct network_plan {
  long parameters = 0;      ///< learned numbers
  long flops = 0;           ///< forward, two for a multiply-add
  long training_flops = 0;  ///< forward, data gradient and weight gradient: three times as many
  int depth = 0;            ///< layers with weights on the longest way from input to output
  long bytes = 0;           ///< of tensors that a training step reads and writes in memory, weights not counted
  long inference_bytes = 0;
  int steps = 0;          ///< of a training step, forward and backward
  int forward_steps = 0;  ///< the forward ones among them
  int inference_steps = 0;
  int passes = 0;  ///< steps of a training step that are element-wise only: no kernel took their work
  long arena = 0;  ///< scalars per sample, for inference and for training

  /// What Model's arenas take at a capacity of `batch` samples.
  constexpr std::size_t arena_bytes(int batch, std::size_t scalar = sizeof(float)) const {
    return arena * batch * scalar;
  }
};

template<int Nodes> constexpr int depth_of(graph<Nodes> const& g) {
  std::array<int, Nodes> depth{};
  for (int n = 0; n < g.size; ++n) {
    for (int from : g.nodes[n].inputs)
      if (from >= 0) depth[n] = std::max(depth[n], depth[from]);
    depth[n] += has_weights(g.nodes[n].acts_as);
  }
  return depth[g.size - 1];
}

constexpr void add_passes(network_plan& to, planned_pass const& training, planned_pass const& inference) {
  to.steps = static_cast<int>(training.steps.size());
  to.inference_steps = static_cast<int>(inference.steps.size());
  to.forward_steps = training.forward_steps;
  for (step const& s : training.steps) to.passes += s.code.does == work::nothing;
  to.arena = training.arena + inference.arena;
}

/// `static_assert(plan<Net>.parameters == 272'474)`. It instantiates no kernel. Reference's has no steps.
template<class Net, class Policy = Fused>
inline constexpr network_plan plan = [] {
  network_plan p;
  if constexpr (is_accepted<Net>) {
    for (parameter const& q : parameters_of<Net>) p.parameters += is_learned(q.kind) ? q.size() : 0;
    for (int n = 0; n < graph_of<Net>.size; ++n) p.flops += 2 * multiply_adds(graph_of<Net>.nodes[n]);
    p.training_flops = 3 * p.flops;
    p.depth = depth_of(graph_of<Net>);
    if constexpr (requires { typename Policy::fusion; }) {
      add_passes(p, planned<Net, Policy, pass::training>, planned<Net, Policy, pass::inference>);
      p.bytes = moved_by<Net, Policy, pass::training>, p.inference_bytes = moved_by<Net, Policy, pass::inference>;
    }
  }
  return p;
}();

template<class Net, class Policy, int... Layers> consteval bool run_together() {
  static_assert(sizeof...(Layers) > 0 && ((Layers > 0 && Layers < graph_of<Net>.size) && ...),
                "layers are numbered from 1, the first after the input, to the last of the network");
  constexpr std::array<int, sizeof...(Layers)> steps{step_of(planned<Net, Policy, pass::training>, Layers)...};
  return std::ranges::count(steps, steps[0]) == static_cast<int>(steps.size()) && steps[0] >= 0;
}

/// Whether one step of the training forward pass computes the results of all these layers. They are numbered
/// from 1 in reading order, Repeats written out; a Residual's own sum comes after its body and its Shortcut,
/// a Concat after its branches. `Conv, BN, ReLU, Conv` makes 1, 2, 3, 4, and fused_together<Net, 2, 3, 4>
/// says that normalisation and activation run while the second convolution loads.
template<class Net, int... Layers> inline constexpr bool fused_together = run_together<Net, Fused, Layers...>();

}  // namespace laminate
