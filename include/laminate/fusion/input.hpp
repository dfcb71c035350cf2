// How the caller's samples lie in the first tensor.
#pragma once

#include <laminate/describe/layout.hpp>
#include <laminate/describe/weights.hpp>
#include <laminate/graph/node.hpp>

namespace laminate::fusion {

template<int Nodes, class Condition> constexpr bool all_readers_of_input(graph<Nodes> const& g, Condition holds) {
  for (int n = 1; n < g.size; ++n)
    if ((g.nodes[n].inputs[0] == 0 || g.nodes[n].inputs[1] == 0) && !holds(g.nodes[n])) return false;
  return true;
}

/// An image of few channels goes to its first convolutions, unless depthwise, as it is; everything else is put into
/// blocks of channels.
template<int Nodes> constexpr layout input_layout(graph<Nodes> const& g) {
  if (!half_empty(g.nodes[0].out.channels) || g.nodes[0].out.is_features()) return layout::blocked;
  bool const read_as_planes = all_readers_of_input(g, [](graph_node const& v) {
    return v.acts_as == role::convolution && !is_depthwise({v.in, v.out, v.how});
  });
  return read_as_planes ? layout::planar : layout::blocked;
}

/// Where nothing but Flatten reads an image, it is features already when it comes in: the caller's order is theirs.
template<int Nodes> constexpr shape stored_input(graph<Nodes> const& g) {
  bool const comes_flat =
      g.size > 1 && all_readers_of_input(g, [](graph_node const& v) { return v.acts_as == role::flatten; });
  return comes_flat ? g.nodes[1].out : g.nodes[0].out;
}

}  // namespace laminate::fusion
