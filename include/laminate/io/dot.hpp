// to_dot<Net>(os): the network as a Graphviz drawing; a frame is a step of the training forward pass.
#pragma once

#include <laminate/io/summary.hpp>

namespace laminate {
namespace looking {

inline std::string quoted(std::string const& text) {
  std::string safe;
  for (char c : text) safe += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return '"' + safe + '"';
}

/// One layer's box. "\n" is Graphviz's own line break.
inline void draw_layer(std::ostream& os, planned_pass const& p, std::vector<std::string> const& types, int n) {
  graph_node const& v = p.nodes[n];
  os << 'n' << n << " [label=\"" << write_name(v) << "\\n"
     << write_layer(v, types[v.leaf]) << "\\n"
     << write_shape(v.out) << "\"];\n";
}

inline void draw(std::ostream& os, planned_pass const& p, std::vector<std::string> const& types) {
  int const nodes = static_cast<int>(p.nodes.size());
  os << "digraph network {\n  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"];\n"
        "  graph [style=\"rounded,filled\", fillcolor=lightgrey, fontname=\"sans-serif\"];\n";
  for (int s = -1; s < p.forward_steps; ++s) {
    bool const frame = s >= 0;
    if (frame)
      os << "  subgraph cluster_" << s + 1 << " {\n    label=" << quoted("step " + std::to_string(s + 1)) << ";\n";
    for (int n = 0; n < nodes; ++n)
      if (step_of(p, n) == s) draw_layer(os << (frame ? "    " : "  "), p, types, n);
    if (frame) os << "  }\n";
  }
  for (int n = 0; n < nodes; ++n)
    for (int from : p.nodes[n].inputs)
      if (from >= 0) os << "  n" << from << " -> n" << n << ";\n";
  os << "}\n";
}

}  // namespace looking

/// `to_dot<Net>(file)`, then `dot -Tsvg`. What goes along an edge inside a frame need not go through memory.
template<class Net, class Policy = Fused> void to_dot(std::ostream& os) {
  if constexpr (is_accepted<Net>) looking::draw(os, planned<Net, Policy, pass::training>, looking::type_names<Net>());
}

}  // namespace laminate
