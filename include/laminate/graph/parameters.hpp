// What a network learns and remembers: a constant table of its parameters and buffers, with PyTorch's names and shapes.
#pragma once

#include <laminate/describe/weights.hpp>
#include <laminate/graph/lower.hpp>
#include <laminate/support/lists.hpp>
#include <string>

namespace laminate {

enum class parameter_kind : unsigned char {
  weight,        // of a convolution (O, I/groups, K, K), transposed (I, O/groups, K, K), or of a dense layer (O, I)
  bias,          // (O)
  scale,         // γ of a normalisation (C)
  shift,         // β (C)
  slope,         // an activation's learned parameter (1) or (C)
  running_mean,  // not learned: moved by training (C)
  running_var,
};
constexpr bool is_learned(parameter_kind k) { return k < parameter_kind::running_mean; }
/// Weight decay applies to weights only: not to biases, normalisation or slopes.
constexpr bool decays(parameter_kind k) { return k == parameter_kind::weight; }

constexpr char const* torch_name(parameter_kind k) {
  switch (k) {
    case parameter_kind::bias:
    case parameter_kind::shift: return "bias";
    case parameter_kind::running_mean: return "running_mean";
    case parameter_kind::running_var: return "running_var";
    default: return "weight";
  }
}

/// One parameter or buffer of a node, in PyTorch's shape.
struct parameter {
  short node = 0;
  parameter_kind kind{};
  std::array<int, 4> dims{};
  int rank = 0;

  constexpr int size() const {
    int s = 1;
    for (int i = 0; i < rank; ++i) s *= dims[i];
    return s;
  }
  /// Scalars in the kernels' layout (describe/weights.hpp); what are no weights is padded to 16.
  constexpr int stored(laminate::graph_node const& n) const {
    return kind == parameter_kind::weight ? weights_size({n.in, n.out, n.how}) : padded(dims[0]);
  }
};

/// Parameters and buffers of a network in state_dict order: by node, a node's own in PyTorch's order.
template<int Capacity, int Nodes> constexpr auto list_parameters(graph<Nodes> const& g) {
  bounded_list<parameter, Capacity> all;
  auto add = [&](int n, parameter_kind k, std::array<int, 4> dims, int rank) {
    all.add({static_cast<short>(n), k, dims, rank});
  };
  for (int n = 0; n < g.size; ++n) {
    graph_node const& v = g.nodes[n];
    int const out = v.out.channels, in = v.in.channels, k = v.how.kernel;
    if (v.acts_as == role::convolution) add(n, parameter_kind::weight, {out, in / v.how.groups, k, k}, 4);
    if (v.acts_as == role::transposed_convolution) add(n, parameter_kind::weight, {in, out / v.how.groups, k, k}, 4);
    if (v.acts_as == role::dense) add(n, parameter_kind::weight, {out, in}, 2);
    if (v.bias) add(n, parameter_kind::bias, {out}, 1);
    if (v.acts_as == role::normalisation)
      for (auto kind :
           {parameter_kind::scale, parameter_kind::shift, parameter_kind::running_mean, parameter_kind::running_var})
        add(n, kind, {out}, 1);
    if (v.acts_as == role::layer_normalisation)
      for (auto kind : {parameter_kind::scale, parameter_kind::shift}) add(n, kind, {out}, 1);
    if (v.activation.learned) add(n, parameter_kind::slope, {v.activation.per_channel ? out : 1}, 1);
  }
  return all;
}

template<class Net> struct parameter_table {
  static constexpr auto& g = graph_of<Net>;
  static constexpr auto roomy = list_parameters<4 * lowered<Net>::capacity + 1>(g);
  static constexpr int count = roomy.size;
  static constexpr auto all = [] {
    std::array<parameter, count> exact{};
    for (int i = 0; i < count; ++i) exact[i] = roomy[i];
    return exact;
  }();
};

/// The table of a network's parameters and buffers.
template<class Net> inline constexpr auto& parameters_of = parameter_table<Net>::all;

/// "3.body.0" for the node at a path; a parameter's name follows after a dot.
inline std::string name_of(layer_path const& at) {
  std::string name;
  for (int i = 0; i < at.depth; ++i) {
    if (i > 0) name += '.';
    switch (at.steps[i]) {
      case layer_path::body: name += "body"; break;
      case layer_path::shortcut: name += "shortcut"; break;
      case layer_path::branches: name += "branches"; break;
      default: name += std::to_string(at.steps[i]);
    }
  }
  return name;
}

}  // namespace laminate
