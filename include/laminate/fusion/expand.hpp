// From the graph to operations: the forward pass, and the backward pass by the chain rule.
#pragma once

#include <laminate/fusion/checkpoints.hpp>
#include <laminate/fusion/input.hpp>
#include <laminate/fusion/keep.hpp>
#include <laminate/fusion/pool_first.hpp>

namespace laminate::fusion {

// Up to three tensors, −1 for none.
struct tensors_of {
  short t[3];
};

/// Builds the operations of one pass. Results of the forward pass that are not kept are computed again in the backward
/// pass.
template<int Nodes, class Expansion> struct expanding {
  graph<Nodes> const& g;
  pass wanted;
  pool_first<Nodes> pools{};
  Expansion e{};
  short value[Nodes]{};     // a node's result
  short gradient[Nodes]{};  // the gradient at it; −1: none yet
  short active[Nodes]{};    // what an activation made, wherever it runs
  dropped_tensors<2 * Nodes> dropped{};

  constexpr short make(shape s, layout l = layout::blocked) {
    return static_cast<short>(e.tensors.add({.of = s, .lies = l}));
  }

  constexpr short emit(work w, int node, tensors_of const& of, shape out, int part = 0) {
    short const t = make(out);
    e.tensors[t].producer = static_cast<short>(e.operations.size);
    e.operations.add({.does = w,
                      .node = static_cast<short>(node),
                      .inputs = {of.t[0], of.t[1], of.t[2]},
                      .output = t,
                      .part = static_cast<short>(part)});
    return t;
  }

  constexpr void reduce(work w, int node, tensors_of const& of) {
    e.operations.add({.does = w, .node = static_cast<short>(node), .inputs = {of.t[0], of.t[1], of.t[2]}});
  }

  static constexpr work kernel_of(role r) {
    switch (r) {
      case role::convolution: return work::convolve;
      case role::transposed_convolution: return work::convolve_transposed;
      case role::dense: return work::multiply;
      case role::max_pool: return work::max_pool;
      case role::layer_normalisation: return work::layer_norm;
      case role::average_pool: return work::average_pool;
      case role::global_average_pool: return work::global_average_pool;
      case role::upsample: return work::upsample;
      case role::flatten: return work::flatten;
      case role::custom: return work::custom;
      default: return work::concatenate;
    }
  }

  constexpr bool is_flat_already(graph_node const& v) const {
    return v.acts_as == role::flatten && e.tensors[value[v.inputs[0]]].of == v.out;
  }

  constexpr void forward() {
    for (int n = 0; n < g.size; ++n) value[n] = forward(n);
    e.input = value[0], e.output = value[g.size - 1], e.forward_end = e.operations.size;
  }

  // Whether a layer's own bias is part of the shift of the normalisation after it.
  constexpr bool is_folded(int n) const {
    for (int i = n + 1; wanted == pass::folded && i < g.size; ++i)
      if (g.nodes[i].inputs[0] == n) return folds(g.all(), i);
    return false;
  }

  constexpr bool adds_bias(int n) const {
    return (g.nodes[n].bias && !is_folded(n)) || (wanted == pass::folded && folds(g.all(), n));
  }

  constexpr short forward(int n) {
    graph_node const& v = g.nodes[n];
    if (v.acts_as == role::input) return make(stored_input(g), input_layout(g));
    short const x = value[v.inputs[0]];
    if (is_flat_already(v)) return x;
    switch (v.acts_as) {
      case role::normalisation:
        if (wanted == pass::training) reduce(work::statistics, n, {x, -1, -1});
        if (!adds_bias(n)) return emit(work::normalise, n, {x, -1, -1}, v.out);
        return pools.after(n) ? x : add_bias(n, x);
      case role::activation: return pools.after(n) ? x : activate(n, x);
      case role::dropout: return wanted == pass::training && v.rate > 0 ? emit(work::drop, n, {x, -1, -1}, v.out) : x;
      case role::sum: return emit(work::add, n, {x, value[v.inputs[1]], -1}, v.out);
      case role::product: return emit(work::times, n, {x, value[v.inputs[1]], -1}, v.out);
      case role::channel_scale: return emit(work::scale_channels, n, {x, value[v.inputs[1]], -1}, v.out);
      case role::concatenation: return emit(work::concatenate, n, {x, value[v.inputs[1]], -1}, v.out);
      default: break;
    }
    short const z = emit(kernel_of(v.acts_as), n, {x, -1, -1}, v.out);
    return v.acts_as == role::max_pool ? from_pool(n, v.inputs[0], z) : pools.after(n) ? z : add_bias(n, z);
  }

  constexpr short add_bias(int n, short z) {  // where n has one
    return adds_bias(n) ? emit(work::add_bias, n, {z, -1, -1}, e.tensors[z].of) : z;
  }

  constexpr short activate(int n, short x) { return active[n] = emit(work::activate, n, {x, -1, -1}, e.tensors[x].of); }

  // What of node n, and of those before it, runs after the pool.
  constexpr short from_pool(int pool, int n, short z) {
    if (pools.after(n) != pool) return z;
    if (g.nodes[n].acts_as == role::activation) return activate(n, from_pool(pool, g.nodes[n].inputs[0], z));
    return add_bias(n, z);
  }

  // A forward result for use in the backward pass: itself if it is kept, else computed again from what is. That is done
  // for each that uses it, in its own step; but once for all if the forward pass has it in memory.
  constexpr short use(short t) {
    tensor const of = e.tensors[t];
    bool const once = of.is_kept_for_backward();
    if (once && !dropped.has(t)) return t;
    if (once && dropped.again[t] > 0) return dropped.again[t];
    operation const made = e.operations[of.producer];
    short from[3]{-1, -1, -1};
    for (int k = 0; k < 3 && made.inputs[k] >= 0; ++k) from[k] = use(made.inputs[k]);
    short const copy = emit(made.does, made.node, {from[0], from[1], from[2]}, of.of, made.part);
    operation& now = e.operations[e.operations.size - 1];
    now.again = true, now.lazy = made.lazy || !once;
    e.tensors[copy].kept = once;
    if (once) dropped.again[t] = copy;
    return copy;
  }

  constexpr void contribute(int to, short t) {
    short& sum = gradient[to];
    sum = sum < 0 ? t : emit(work::add, to, {t, sum, -1}, e.tensors[t].of);
  }

  constexpr void backward() {
    for (int n = 0; n < g.size; ++n) gradient[n] = -1;
    gradient[g.size - 1] = make(g.output().out);
    e.output_gradient = gradient[g.size - 1];
    for (int n = g.size - 1; n > 0; --n) backward(n);
    e.input_gradient = gradient[0];
    int const last = e.tensors[e.input_gradient].producer;
    if (last >= 0 && yields_weight_gradient(e.operations[last].does)) e.operations[last].optional = true;
  }

  constexpr void backward(int n) {
    graph_node const& v = g.nodes[n];
    int const from = v.inputs[0];
    short const d = gradient[n];
    switch (v.acts_as) {
      case role::convolution:
      case role::transposed_convolution:
      case role::dense: {
        if (v.bias && !pools.after(n)) reduce(work::bias_sum, n, {d, -1, -1});
        short const x = use(value[from]);
        work const w = v.acts_as == role::dense         ? work::multiply_back
                       : v.acts_as == role::convolution ? work::convolve_back
                                                        : work::convolve_transposed_back;
        return contribute(from, emit(w, n, {x, d, -1}, v.in));
      }
      case role::normalisation: {
        short const z = use(value[from]);
        reduce(work::normalisation_sums, n, {d, z, -1});
        return contribute(from, emit(work::normalise_back, n, {d, z, -1}, v.in));
      }
      case role::layer_normalisation: {
        short const x = use(value[from]);
        return contribute(from, emit(work::layer_norm_back, n, {x, d, -1}, v.in));
      }
      case role::activation: return contribute(from, pools.after(n) ? d : slope(n, d));
      case role::dropout: return contribute(from, v.rate > 0 ? emit(work::drop, n, {d, -1, -1}, v.in) : d);
      case role::sum: return contribute(from, d), contribute(v.inputs[1], d);
      case role::product: {
        short const x = use(value[from]), factor = use(value[v.inputs[1]]);
        contribute(from, emit(work::times, n, {d, factor, -1}, v.in));
        return contribute(v.inputs[1], emit(work::times, n, {d, x, -1}, v.in));
      }
      case role::channel_scale: {
        short const x = use(value[from]), factor = use(value[v.inputs[1]]);
        contribute(v.inputs[1], emit(work::factor_gradient, n, {x, d, -1}, g.nodes[v.inputs[1]].out));
        return contribute(from, emit(work::scale_channels, n, {d, factor, -1}, v.in));
      }
      case role::concatenation:
        contribute(from, emit(work::slice, n, {d, -1, -1}, v.in, 0));
        return contribute(v.inputs[1], emit(work::slice, n, {d, -1, -1}, g.nodes[v.inputs[1]].out, 1));
      case role::max_pool: {
        short const before = to_pool(n, from, d), x = use(value[from]);
        return contribute(from, emit(work::max_pool_back, n, {x, before, -1}, v.in));
      }
      case role::average_pool: return contribute(from, emit(work::average_pool_back, n, {d, -1, -1}, v.in));
      case role::global_average_pool:
        return contribute(from, emit(work::global_average_pool_back, n, {d, -1, -1}, v.in));
      case role::custom: {
        short const x = v.gradient_reads_input ? use(value[from]) : short{-1};
        return contribute(from, emit(work::custom_back, n, {d, x, -1}, v.in));
      }
      case role::upsample: return contribute(from, emit(work::upsample_back, n, {d, -1, -1}, v.in));
      default: return contribute(from, is_flat_already(v) ? d : emit(work::unflatten, n, {d, -1, -1}, v.in));
    }
  }

  // g·f′, from the output where f′ follows from it and it is at hand, else from the input.
  constexpr short slope(int n, short d) {
    activation_facts const& f = g.nodes[n].activation;
    short const y = active[n], x = e.operations[e.tensors[y].producer].inputs[0];
    if (f.learned) reduce(work::parameter_sum, n, {d, use(x), -1});
    if (f.slope_of_output && e.tensors[y].is_kept_for_backward())
      return emit(work::slope_of_output, n, {d, use(y), -1}, e.tensors[d].of);
    return emit(work::slope_of_input, n, {d, use(x), -1}, e.tensors[d].of);
  }

  // The gradient on its way back to the pool, through what runs after it.
  constexpr short to_pool(int pool, int n, short d) {
    if (pools.after(n) != pool) return d;
    if (g.nodes[n].acts_as == role::activation) return to_pool(pool, g.nodes[n].inputs[0], slope(n, d));
    if (g.nodes[n].bias) reduce(work::bias_sum, n, {d, -1, -1});
    return d;
  }
};

/// The operations of a pass over the graph.
template<class Expansion, int Nodes> constexpr Expansion expand(graph<Nodes> const& g, pass p, keeping what) {
  expanding<Nodes, Expansion> x{g, p};
  if (what != keeping::all) x.pools.look(g);
  x.forward();
  if (what != keeping::all) choose_what_to_keep(x.e, g, p, what);
  if (what == keeping::checkpoints && p == pass::training) drop_between_checkpoints(x.e, x.dropped);
  if (p == pass::training) x.backward();
  return x.e;
}

struct expansion_size {
  int operations = 0;
  int tensors = 0;
};

/// How many there are going to be: how much is computed again follows from the graph, and a
/// bound that always holds would be many times too large. The forward pass, of at most two
/// operations a node, is all that the backward pass looks at.
template<int Size, int Nodes> constexpr expansion_size size_of_expansion(graph<Nodes> const& g, pass p, keeping what) {
  auto const e = expand<expansion<2 * Size, 2 * Size, counted_list>>(g, p, what);
  return {e.operations.size, e.tensors.size};
}

}  // namespace laminate::fusion
