// From the graph to operations: the forward pass, and the backward pass by the chain rule.
#pragma once

#include <laminate/describe/weights.hpp>
#include <laminate/fusion/checkpoints.hpp>
#include <laminate/fusion/keep.hpp>

namespace laminate {

// Up to three tensors, −1 for none.
struct tensors_of {
  short t[3];
};

/// Builds the operations of one pass. Results of the forward pass that are not kept are computed again in the backward
/// pass.
template<int Nodes, class Expansion> struct expanding {
  graph<Nodes> const& g;
  pass wanted;
  Expansion e{};
  short value[Nodes]{};     // a node's result
  short gradient[Nodes]{};  // the gradient at it; −1: none yet
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

  template<class Condition> constexpr bool all_readers_of_input(Condition holds) const {
    for (int n = 1; n < g.size; ++n)
      if ((g.nodes[n].inputs[0] == 0 || g.nodes[n].inputs[1] == 0) && !holds(g.nodes[n])) return false;
    return true;
  }

  // A grey or colour image goes to its first convolutions, unless depthwise, as it is; everything else is put into
  // blocks of channels.
  constexpr layout input_layout() const {
    if (g.nodes[0].out.channels >= channel_block || g.nodes[0].out.is_features()) return layout::blocked;
    bool const read_as_planes = all_readers_of_input([](node const& v) {
      return v.acts_as == role::convolution && !is_depthwise({v.in, v.out, v.how});
    });
    return read_as_planes ? layout::planar : layout::blocked;
  }

  // Where nothing but Flatten reads an image, it is features already when it comes in: the caller's order is theirs.
  constexpr shape input_shape() const {
    bool const comes_flat =
        g.size > 1 && all_readers_of_input([](node const& v) { return v.acts_as == role::flatten; });
    return comes_flat ? g.nodes[1].out : g.nodes[0].out;
  }
  constexpr bool is_flat_already(node const& v) const {
    return v.acts_as == role::flatten && e.tensors[value[v.inputs[0]]].of == v.out;
  }

  constexpr void forward() {
    for (int n = 0; n < g.size; ++n) value[n] = forward(n);
    e.input = value[0], e.output = value[g.size - 1], e.forward_end = e.operations.size;
  }

  // Whether a layer's own bias is part of the shift of the normalisation after it.
  constexpr bool is_folded(int n) const {
    for (int i = n + 1; wanted == pass::folded && i < g.size; ++i)
      if (g.nodes[i].inputs[0] == n) return g.folds(i);
    return false;
  }

  constexpr short forward(int n) {
    node const& v = g.nodes[n];
    if (v.acts_as == role::input) return make(input_shape(), input_layout());
    short const x = value[v.inputs[0]];
    if (is_flat_already(v)) return x;
    switch (v.acts_as) {
      case role::normalisation:
        if (wanted == pass::training) reduce(work::statistics, n, {x, -1, -1});
        if (wanted == pass::folded && g.folds(n)) return emit(work::add_bias, n, {x, -1, -1}, v.out);
        return emit(work::normalise, n, {x, -1, -1}, v.out);
      case role::activation: return emit(work::activate, n, {x, -1, -1}, v.out);
      case role::dropout: return wanted == pass::training && v.rate > 0 ? emit(work::drop, n, {x, -1, -1}, v.out) : x;
      case role::sum: return emit(work::add, n, {x, value[v.inputs[1]], -1}, v.out);
      case role::product: return emit(work::times, n, {x, value[v.inputs[1]], -1}, v.out);
      case role::channel_scale: return emit(work::scale_channels, n, {x, value[v.inputs[1]], -1}, v.out);
      case role::concatenation: return emit(work::concatenate, n, {x, value[v.inputs[1]], -1}, v.out);
      default: break;
    }
    short const z = emit(kernel_of(v.acts_as), n, {x, -1, -1}, v.out);
    return v.bias && !is_folded(n) ? emit(work::add_bias, n, {z, -1, -1}, v.out) : z;
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
    node const& v = g.nodes[n];
    int const from = v.inputs[0];
    short const d = gradient[n];
    switch (v.acts_as) {
      case role::convolution:
      case role::transposed_convolution:
      case role::dense: {
        if (v.bias) reduce(work::bias_sum, n, {d, -1, -1});
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
      case role::activation: return contribute(from, slope(n, d));
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
        short const x = use(value[from]);
        return contribute(from, emit(work::max_pool_back, n, {x, d, -1}, v.in));
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
    node const& v = g.nodes[n];
    if (v.activation.learned) reduce(work::parameter_sum, n, {d, use(value[v.inputs[0]]), -1});
    bool const from_output = v.activation.slope_of_output && e.tensors[value[n]].is_kept_for_backward();
    if (from_output) return emit(work::slope_of_output, n, {d, use(value[n]), -1}, v.in);
    return emit(work::slope_of_input, n, {d, use(value[v.inputs[0]]), -1}, v.in);
  }
};

/// The operations of a pass over the graph.
template<class Expansion, int Nodes> constexpr Expansion expand(graph<Nodes> const& g, pass p, keeping what) {
  expanding<Nodes, Expansion> x{g, p};
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

}  // namespace laminate
