// The memory of a model: parameters, gradients, running statistics, numbers per channel, arena, and threads' scratch.
#pragma once

#include <laminate/graph/parameters.hpp>
#include <laminate/kernels/run.hpp>
#include <laminate/model/parameter_range.hpp>
#include <laminate/support/aligned_buffer.hpp>
#include <vector>

namespace laminate {

/// Learned parameters of a network lie in one buffer, in the kernels' layouts, each at a
/// multiple of 64 bytes; gradients in another of the same shape; running statistics in a third.
template<class Net, class T> class parameter_storage {
 public:
  static constexpr auto& g = graph_of<Net>;
  static constexpr auto& table = parameters_of<Net>;
  static constexpr int count = static_cast<int>(table.size());

  struct places {
    std::array<int, count + 1> at{};
    int learned = 0;
    int remembered = 0;
  };
  /// Offset of every parameter in its buffer.
  static constexpr places where = [] {
    places p;
    for (int i = 0; i < count; ++i) {
      int& end = is_learned(table[i].kind) ? p.learned : p.remembered;
      p.at[i] = end;
      end += aligned(table[i].stored(g.nodes[table[i].node]));
    }
    return p;
  }();
  static constexpr int learned_count = [] {
    int n = 0;
    for (auto const& p : table) n += is_learned(p.kind);
    return n;
  }();
  static constexpr auto ranges = [] {
    std::array<parameter_range, learned_count> all{};
    int n = 0;
    for (int i = 0; i < count; ++i)
      if (is_learned(table[i].kind))
        all[n++] = {where.at[i], table[i].stored(g.nodes[table[i].node]), decays(table[i].kind), i};
    return all;
  }();

  parameter_storage() : values_(where.learned), gradients_(where.learned), remembered_(where.remembered) {}

  T* at(int i) { return (is_learned(table[i].kind) ? values_.data() : remembered_.data()) + where.at[i]; }
  T const* at(int i) const { return const_cast<parameter_storage*>(this)->at(i); }
  T* gradient(int i) { return gradients_.data() + where.at[i]; }
  T const* gradient(int i) const { return gradients_.data() + where.at[i]; }

  std::span<T> values() { return values_.all(); }
  std::span<T const> values() const { return values_.all(); }
  std::span<T const> gradients() const { return gradients_.all(); }

  /// Parameter i from and to PyTorch's layout.
  static void write(int i, T const* from, T* to) {
    parameter const& p = table[i];
    node const& v = g.nodes[p.node];
    if (v.acts_as == role::transposed_convolution && p.rank == 4)
      kernels::pack_transposed_weights(sliding{v.in, v.out, v.how}, from, to);
    else if (p.rank == 4)
      kernels::pack_weights(sliding{v.in, v.out, v.how}, from, to);
    else if (p.rank == 2)
      kernels::pack_matrix(v.in.channels, v.out.channels, from, to);
    else
      std::copy_n(from, p.dims[0], to);
  }
  static void read(int i, T const* from, T* to) {
    parameter const& p = table[i];
    node const& v = g.nodes[p.node];
    if (v.acts_as == role::transposed_convolution && p.rank == 4)
      kernels::unpack_transposed_weights(sliding{v.in, v.out, v.how}, from, to);
    else if (p.rank == 4)
      kernels::unpack_weights(sliding{v.in, v.out, v.how}, from, to);
    else if (p.rank == 2)
      kernels::unpack_matrix(v.in.channels, v.out.channels, from, to);
    else
      std::copy_n(from, p.dims[0], to);
  }

  /// Tells every node where its parameters lie.
  void attach(std::span<kernels::node_memory<T>> memory) {
    for (int i = 0; i < count; ++i) attach(memory, i, at(i), is_learned(table[i].kind) ? gradient(i) : nullptr);
  }

  /// Tells a node where its parameter i and that one's gradient lie.
  static void attach(std::span<kernels::node_memory<T>> memory, int i, T* value, T* gradient_at) {
    parameter const& p = table[i];
    kernels::node_memory<T>& m = memory[p.node];
    switch (p.kind) {
      case parameter_kind::weight:
        m.weight = value, m.weight_gradient = gradient_at, m.weights = p.stored(g.nodes[p.node]);
        break;
      case parameter_kind::bias: m[channel_vector::bias] = value, m.bias_gradient = gradient_at; break;
      case parameter_kind::scale: m.scale = value, m.scale_gradient = gradient_at; break;
      case parameter_kind::shift: m.shift = value, m.shift_gradient = gradient_at; break;
      case parameter_kind::slope: m.slope = value, m.slope_gradient = gradient_at; break;
      case parameter_kind::running_mean: m.running_mean = value; break;
      case parameter_kind::running_var: m.running_var = value; break;
    }
  }

 private:
  aligned_buffer<T> values_, gradients_, remembered_;
};

}  // namespace laminate
