// From the array of facts to the graph: blocks are opened, Repeats repeated, every shape inferred, mistakes recorded.
#pragma once

#include <algorithm>
#include <laminate/describe/layout.hpp>
#include <laminate/graph/brackets.hpp>
#include <laminate/graph/counterpart.hpp>
#include <laminate/graph/leaves.hpp>
#include <laminate/graph/node.hpp>

namespace laminate {

/// The most weights of a network, and the most numbers of all its layers' outputs for one sample: places in memory are
/// ints, and a number takes part in several tensors.
inline constexpr double most_numbers = 1 << 28;

// Blocked and in double: channels are filled up to 16, and nothing may overflow here.
constexpr double numbers_in(shape s) { return (s.channels + 15.0) * std::max(s.height, 1) * std::max(s.width, 1); }
constexpr double weights_in(graph_node const& n) {
  if (!has_weights(n.acts_as)) return 0;
  // A block of outputs meets the inputs of its groups, filled up to whole blocks.
  double const inputs = n.in.channels / n.how.groups, outputs = n.out.channels / n.how.groups;
  double const met = std::min(n.in.channels + 15.0, (channel_block / outputs + 2) * inputs + 30);
  return met * (n.out.channels + 15.0) * n.how.kernel * n.how.kernel;
}

/// Walks the facts once and builds the graph. One instance lowers one network.
template<std::size_t Words, int Capacity> struct lowering {
  std::array<facts, Words> const& words;
  graph<Capacity> result{};
  layer_path here{};
  layer_path refused_at{};
  double numbers = 0, weights = 0;

  constexpr void refuse(problem what, int leaf, shape first, shape second) {
    if (!result.accepted() || what == problem::none) return;
    result.refused = {what, here.steps[0], leaf, first, second};
    refused_at = here;
  }

  // Counts beyond the capacity, so that every leave() has its enter() even then.
  constexpr void enter(short step, int leaf) {
    if (here.depth < layer_path::capacity)
      here.steps[here.depth] = step;
    else
      refuse(problem::blocks_are_nested_too_deeply, leaf, {}, {});
    ++here.depth;
  }
  constexpr void leave() {
    if (--here.depth < layer_path::capacity) here.steps[here.depth] = 0;
  }

  constexpr shape shape_of(int n) const { return result.nodes[n].out; }

  constexpr int add(graph_node n) {
    n.at = here;
    numbers += numbers_in(n.out);
    weights += weights_in(n);
    if (numbers > most_numbers || weights > most_numbers)
      refuse(problem::from_this_layer_on_the_network_is_too_large, n.leaf, n.in, n.out);
    result.nodes[result.size] = n;
    return result.size++;
  }

  constexpr int layer(int leaf, int input) {
    facts const& f = words[leaf];
    shape const in = input < 0 ? f.given : shape_of(input);
    refuse(f.misuse, leaf, in, {});
    if (f.acts_as == role::input && input >= 0)
      refuse(problem::the_input_must_come_first_and_only_once, leaf, in, f.given);
    if (!result.accepted()) return input;
    if (problem const what = f.refuses(f, in); what != problem::none) {
      refuse(what, leaf, in, counterpart(what, f, in));
      return input;
    }
    return add({.acts_as = f.acts_as,
                .leaf = leaf,
                .inputs = {input, -1},
                .in = in,
                .out = f.output(f, in),
                .how = f.how,
                .bias = has_weights(f.acts_as) && f.bias != choice::no,
                .rate = f.rate,
                .epsilon = f.epsilon,
                .momentum = f.momentum,
                .activation = f.activation,
                .gradient_reads_input = f.gradient_reads_input});
  }

  // Words [first, last), each a child of the block we are in; `child` counts them.
  constexpr int sequence(int first, int last, int input, short& child) {
    for (int i = first; i < last && result.accepted(); ++i) {
      role const r = words[i].acts_as;
      int const end = opens(r) ? closing(words, i) : i;
      if (r == role::open_repeat) {
        enter(child, i);
        refuse(words[i].misuse, i, shape_of(input), {});
        leave();
        for (int k = 0; k < words[i].count && result.accepted(); ++k) input = sequence(i + 1, end, input, child);
      } else {
        enter(child++, i);
        input = opens(r) ? opened(i, end, input) : layer(i, input);
        leave();
      }
      i = end;
    }
    return input;
  }

  constexpr int sequence(int first, int last, int input) {
    short child = 0;
    return sequence(first, last, input, child);
  }

  constexpr int opened(int open, int end, int input) {
    switch (words[open].acts_as) {
      case role::open_sequence: return sequence(open + 1, end, input);
      case role::open_residual: return residual(open, end, input);
      case role::open_concatenation: return concatenation(open, end, input);
      case role::open_scale: return scale(open, end, input);
      default: refuse(problem::Shortcut_must_come_first_in_a_Residual, open, shape_of(input), {}); return input;
    }
  }

  constexpr int residual(int open, int end, int input) {
    bool const projects = words[open + 1].acts_as == role::open_shortcut;
    int const shortcut_end = projects ? closing(words, open + 1) : open;
    enter(layer_path::body, open);
    int const body = sequence(shortcut_end + 1, end, input);
    leave();
    int skip = input;
    if (projects) {
      enter(layer_path::shortcut, open);
      skip = sequence(open + 2, shortcut_end, input);
      leave();
    }
    if (!result.accepted()) return input;
    if (shape_of(body) != shape_of(skip)) {
      refuse(problem::branches_of_Residual_end_in_different_shapes, open, shape_of(skip), shape_of(body));
      return input;
    }
    return add(
        {.acts_as = role::sum, .leaf = open, .inputs = {body, skip}, .in = shape_of(body), .out = shape_of(body)});
  }

  // The branch's words stand where those of a Sequential would: it is all there is to a Scale.
  constexpr int scale(int open, int end, int input) {
    int const branch = sequence(open + 1, end, input);
    if (!result.accepted()) return input;
    shape const in = shape_of(input), factor = shape_of(branch);
    bool const same = factor == in, per_channel = in.channels == factor.channels && factor.pixels() == 1;
    if (!same && !per_channel) {
      refuse(problem::Scale_must_end_in_the_shape_of_its_input_or_in_a_number_per_channel, open, in, factor);
      return input;
    }
    return add({.acts_as = same ? role::product : role::channel_scale,
                .leaf = open,
                .inputs = {input, branch},
                .in = in,
                .out = in});
  }

  // Branches join one by one, so that every node has at most two inputs.
  constexpr int concatenation(int open, int end, int input) {
    if (words[open].count < 2) refuse(problem::Concat_wants_at_least_two_branches, open, shape_of(input), {});
    enter(layer_path::branches, open);
    int joined = -1;
    short branch = 0;
    for (int i = open + 1; i < end && result.accepted(); i = closing(words, i) + 1) {
      enter(branch++, open);
      int const tail = sequence(i + 1, closing(words, i), input);
      leave();
      joined = joined < 0 ? tail : join(open, joined, tail);
    }
    leave();
    return result.accepted() ? joined : input;
  }

  constexpr int join(int open, int left, int right) {
    shape const l = shape_of(left), r = shape_of(right);
    if (l.height != r.height || l.width != r.width) {
      refuse(problem::branches_of_Concat_end_in_different_heights_or_widths, open, l, r);
      return left;
    }
    shape const out{l.channels + r.channels, l.height, l.width};
    return add({.acts_as = role::concatenation, .leaf = open, .inputs = {left, right}, .in = l, .out = out});
  }

  // The first input of a network that does not begin with one: its leaf, counting the layers before it; or the end.
  constexpr int late_input(short& layers) const {
    int depth = 0;
    for (int i = 0; i < static_cast<int>(Words); ++i) {
      role const r = words[i].acts_as;
      if (r == role::input) return i;
      depth += opens(r) - (r == role::close);
      layers += depth == 0;
    }
    return static_cast<int>(Words);
  }

  constexpr void network() {
    short layers = 0;
    int const found = late_input(layers);
    if (found == static_cast<int>(Words)) return refuse(problem::the_network_has_no_input, 0, {}, {});
    if (found > 0) {
      enter(layers, found);
      return refuse(problem::the_input_must_come_first_and_only_once, found, words[found].given, {});
    }
    int const input = layer(0, -1);
    if (result.accepted()) sequence(1, static_cast<int>(Words), input);
    if (result.size == 1) refuse(problem::the_network_has_no_layer, 0, words[0].given, {});
    drop_useless_biases();
  }

  // A normalisation takes the mean away, and a bias with it: who did not ask for one gets none where nothing but a
  // normalisation reads the layer.
  constexpr void drop_useless_biases() {
    short readers[Capacity]{};
    for (int n = 0; n < result.size; ++n)
      for (int from : result.nodes[n].inputs)
        if (from >= 0) ++readers[from];
    for (int n = 1; n < result.size; ++n) {
      graph_node const& v = result.nodes[n];
      graph_node& before = result.nodes[v.inputs[0]];
      if (v.acts_as == role::normalisation && readers[v.inputs[0]] == 1 && words[before.leaf].bias == choice::automatic)
        before.bias = false;
    }
  }
};

template<class Net> struct lowered {
  static constexpr int capacity = node_bound(facts_of<Net>, 0, leaf_count<Net>) + 1;
  static constexpr auto value = [] {
    lowering<static_cast<std::size_t>(leaf_count<Net>), capacity> l{facts_of<Net>};
    l.network();
    return l.result;
  }();
};

/// The network as a value. It may be refused: see graph/refuse.hpp.
template<class Net> inline constexpr auto& graph_of = lowered<Net>::value;

}  // namespace laminate
