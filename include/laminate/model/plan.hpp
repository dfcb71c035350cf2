// plan<Net>: what a network costs and which of its layers share a kernel, as a value for static_assert.
#pragma once

#include <laminate/graph/multiply_adds.hpp>
#include <laminate/graph/parameters.hpp>
#include <laminate/memory/traffic.hpp>
#include <span>

namespace laminate {

// What each rule of a policy says.
template<class Rules> struct reasons_of;
template<class... Rules> struct reasons_of<fusion::rules<Rules...>> {
  static constexpr std::array<char const*, sizeof...(Rules)> says{Rules::says...};
};

/// One planned pass without its sizes in the type, so that whatever looks at plans is compiled only once.
struct planned_pass {
  std::span<graph_node const> nodes;
  std::span<fusion::operation const> operations;
  std::span<fusion::tensor const> tensors;
  std::span<fusion::tensor_plan const> placed;  ///< where each of them lies
  std::span<memory::lifetime const> lives;      ///< and when
  std::span<fusion::place const> places;        ///< of the operations
  std::span<fusion::step const> steps;
  std::span<fusion::step_programs const> programs;  ///< of the steps
  std::span<fusion::chain_of_steps const> chains;   ///< of steps
  std::span<char const* const> reasons;             ///< by place::rule
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
  using stages = memory::planning<Net, Policy, Pass>;
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
                      .programs = std::span(p.programs.items).first(p.steps.size),
                      .chains = std::span(stages::chained.chains.items).first(stages::chained.chains.size),
                      .reasons = reasons_of<typename Policy::rules>::says,
                      .forward_steps = p.forward_steps,
                      .forward_end = e.forward_end,
                      .output = p.output,
                      .output_gradient = p.output_gradient,
                      .input_gradient = p.input_gradient,
                      .arena = p.arena,
                      .fuses = Policy::keeps != fusion::keeping::all};
}();

constexpr long bytes_of(planned_pass const& p, auto const& tensors) {
  long sum = 0;
  for (short t : tensors) sum += p.placed[t].near ? 0 : p.bytes(t);
  return sum;
}
constexpr memory::traffic traffic_of(planned_pass const& p, std::size_t s) {
  return memory::traffic_of(p.steps[s], p.programs[s]);
}
constexpr long bytes_read(planned_pass const& p, std::size_t s) { return bytes_of(p, traffic_of(p, s).read); }
constexpr long bytes_written(planned_pass const& p, std::size_t s) { return bytes_of(p, traffic_of(p, s).written); }

/// The step that computes node n's result in the forward pass; −1 for the input and a dropout of nothing.
constexpr int step_of(planned_pass const& p, int n) {
  int found = -1;
  for (int i = 0; i < p.forward_end; ++i)
    if (p.operations[i].node == n && p.operations[i].output >= 0) found = p.places[i].step;
  return found;
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
  long arena = 0;  ///< of training, in scalars per sample
  memory::inference_footprint infers{};

  /// What Model's arenas take at a capacity of `batch` samples: one for training, and one for each thread's inference
  /// of as many samples as go through the network together.
  constexpr std::size_t arena_bytes(int batch, std::size_t scalar = sizeof(float), int threads = 1) const {
    memory::inference_footprint const thread = infers.times(static_cast<double>(scalar) / sizeof(float));
    return arena * batch * scalar + static_cast<std::size_t>(thread.arena) * images_together(thread) * threads;
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
  for (fusion::step const& s : training.steps) to.passes += s.code.does == fusion::work::nothing;
  to.arena = training.arena;
}

/// `static_assert(plan<Net>.parameters == 272'474)`. It instantiates no kernel. Reference's has no steps.
template<class Net, class Policy = Fused>
inline constexpr network_plan plan = [] {
  network_plan p;
  if constexpr (is_accepted<Net>) {
    for (parameter const& q : parameters_of<Net>) p.parameters += is_learned(q.kind) ? q.size() : 0;
    p.flops = 2 * multiply_adds(graph_of<Net>.all());
    p.training_flops = 3 * p.flops;
    p.depth = depth_of(graph_of<Net>);
    if constexpr (requires { typename Policy::rules; }) {
      add_passes(p, planned<Net, Policy, pass::training>, planned<Net, Policy, pass::inference>);
      p.bytes = memory::scalars_moved<Net, Policy, pass::training> * static_cast<long>(sizeof(float));
      p.infers = memory::footprint_of<Net, Policy, pass::inference>(sizeof(float));
      p.inference_bytes = static_cast<long>(p.infers.moved);
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
