// What runs after a max pool although it is declared before it: the largest value is the same, of fewer numbers.
#pragma once

#include <laminate/graph/node.hpp>

namespace laminate::fusion {

/// max(f(x)) = f(max(x)) for an f that never falls, and max(x + b) = max(x) + b, rounded or not. So a bias, an
/// activation, or one after the other, that a max pool alone reads can wait for it; their gradients are then those of
/// the pooled values too.
template<int Nodes> struct pool_first {
  short pools[Nodes]{};

  /// The max pool after which node n's activation or bias runs; 0: it runs where it is declared.
  constexpr int after(int n) const { return pools[n]; }

  constexpr void look(graph<Nodes> const& g) {
    short readers[Nodes]{}, reader[Nodes]{};
    for (int n = g.size - 1; n > 0; --n) {
      graph_node const& next = g.nodes[reader[n]];
      bool const waits = g.nodes[n].acts_as != role::activation || g.nodes[n].activation.monotone;
      if (waits && readers[n] == 1 && next.acts_as == role::max_pool) pools[n] = reader[n];
      if (waits && readers[n] == 1 && next.acts_as == role::activation) pools[n] = pools[reader[n]];
      for (int k = 0; k < g.nodes[n].arity(); ++k)
        ++readers[g.nodes[n].inputs[k]], reader[g.nodes[n].inputs[k]] = static_cast<short>(n);
    }
  }
};

}  // namespace laminate::fusion
