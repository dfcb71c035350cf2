// A network as a value: its nodes in the order they compute, every shape known.
#pragma once

#include <cstddef>
#include <laminate/describe/facts.hpp>
#include <span>

namespace laminate {

/// Where a node stands in the tree of blocks: child indices, and the names of a block's own parts as negative numbers.
struct layer_path {
  static constexpr int capacity = 20;
  enum part : short { body = -1, shortcut = -2, branches = -3 };

  short steps[capacity]{};
  int depth = 0;

  bool operator==(layer_path const&) const = default;
};

/// One computing layer. Node 0 is the input; `inputs` are earlier nodes.
struct graph_node {
  role acts_as = role::input;
  int leaf = 0;  ///< index of the word that declared it; a sum's is its Residual, a concatenation's its Concat,
                 ///< a product's its Scale
  int inputs[2]{-1, -1};
  shape in{};  ///< of the first input
  shape out{};
  window how{};
  bool bias = false;
  double rate = 0;
  double epsilon = 0;
  double momentum = 0;
  activation_facts activation{};
  bool gradient_reads_input = false;
  layer_path at{};

  constexpr int arity() const { return inputs[1] >= 0 ? 2 : inputs[0] >= 0 ? 1 : 0; }
};

/// Where a declaration went wrong: the position of the layer in the Network (input not counted), the offending leaf,
/// and the shapes that do not fit.
struct refusal {
  problem what = problem::none;
  int position = 0;
  int leaf = 0;
  shape first{};
  shape second{};
};

template<int Capacity> struct graph {
  graph_node nodes[Capacity]{};
  int size = 0;
  refusal refused{};

  constexpr graph_node const& output() const { return nodes[size - 1]; }
  constexpr std::span<graph_node const> all() const { return {nodes, static_cast<std::size_t>(size)}; }
  constexpr bool accepted() const { return refused.what == problem::none; }
};

/// How many nodes read node n.
constexpr int consumers(std::span<graph_node const> nodes, int n) {
  int count = 0;
  for (std::size_t i = n + 1; i < nodes.size(); ++i) count += (nodes[i].inputs[0] == n) + (nodes[i].inputs[1] == n);
  return count;
}

/// Whether normalisation n alone reads a convolution or dense layer, so that with constant statistics its scale could
/// as well be in that layer's weights and its shift in a bias.
constexpr bool folds(std::span<graph_node const> nodes, int n) {
  if (nodes[n].acts_as != role::normalisation) return false;
  int const before = nodes[n].inputs[0];
  return has_weights(nodes[before].acts_as) && consumers(nodes, before) == 1;
}

}  // namespace laminate
