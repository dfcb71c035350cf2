// The memory of a model's parameters, of their gradients and of running statistics.
#pragma once

#include <algorithm>
#include <laminate/graph/parameters.hpp>
#include <laminate/kernels/run.hpp>
#include <laminate/model/parameter_range.hpp>
#include <laminate/support/aligned_buffer.hpp>
#include <span>
#include <vector>

namespace laminate {

/// Scalars of the buffers that hold a network's parameters.
struct parameter_sizes {
  int learned = 0;
  int remembered = 0;
};

/// Writes the offset of every parameter in its buffer to `at`.
constexpr parameter_sizes place_parameters(std::span<parameter const> table, std::span<graph_node const> nodes,
                                           std::span<int> at) {
  parameter_sizes all;
  for (std::size_t i = 0; i < table.size(); ++i) {
    int& end = is_learned(table[i].kind) ? all.learned : all.remembered;
    at[i] = end;
    end += aligned(table[i].stored(nodes[table[i].node]));
  }
  return all;
}

/// A parameter of node v from PyTorch's layout to the kernels'.
template<class T> void pack_parameter(parameter const& p, graph_node const& v, T const* from, T* to) {
  if (v.acts_as == role::transposed_convolution && p.rank == 4)
    kernels::pack_transposed_weights(sliding{v.in, v.out, v.how}, from, to);
  else if (p.rank == 4)
    kernels::pack_weights(sliding{v.in, v.out, v.how}, from, to);
  else if (p.rank == 2)
    kernels::pack_matrix(v.in.channels, v.out.channels, from, to);
  else
    std::copy_n(from, p.dims[0], to);
}
/// And back.
template<class T> void unpack_parameter(parameter const& p, graph_node const& v, T const* from, T* to) {
  if (v.acts_as == role::transposed_convolution && p.rank == 4)
    kernels::unpack_transposed_weights(sliding{v.in, v.out, v.how}, from, to);
  else if (p.rank == 4)
    kernels::unpack_weights(sliding{v.in, v.out, v.how}, from, to);
  else if (p.rank == 2)
    kernels::unpack_matrix(v.in.channels, v.out.channels, from, to);
  else
    std::copy_n(from, p.dims[0], to);
}

/// Tells node v, whose memory m is, where its parameter and that one's gradient lie.
template<class T>
void attach_parameter(parameter const& p, graph_node const& v, kernels::node_memory<T>& m, T* value, T* gradient) {
  switch (p.kind) {
    case parameter_kind::weight: m.weight = value, m.weight_gradient = gradient, m.weights = p.stored(v); break;
    case parameter_kind::bias: m[fusion::channel_vector::bias] = value, m.bias_gradient = gradient; break;
    case parameter_kind::scale: m.scale = value, m.scale_gradient = gradient; break;
    case parameter_kind::shift: m.shift = value, m.shift_gradient = gradient; break;
    case parameter_kind::slope: m.slope = value, m.slope_gradient = gradient; break;
    case parameter_kind::running_mean: m.running_mean = value; break;
    case parameter_kind::running_var: m.running_var = value; break;
  }
}

/// Learned parameters of a network lie in one buffer, in the kernels' layouts, each at a
/// multiple of 64 bytes; gradients in another of the same shape; running statistics in a third.
template<class T> class parameter_storage {
 public:
  /// Constants: they are kept by address.
  parameter_storage(std::span<parameter const> table, std::span<graph_node const> nodes)
      : table_(table), nodes_(nodes), offsets_(table.size()) {
    parameter_sizes const sizes = place_parameters(table, nodes, {offsets_.data(), offsets_.size()});
    values_ = aligned_buffer<T>(sizes.learned);
    gradients_ = aligned_buffer<T>(sizes.learned);
    remembered_ = aligned_buffer<T>(sizes.remembered);
    for (int i = 0; i < count(); ++i)
      if (is_learned(table[i].kind))
        ranges_.push_back({offsets_[i], table[i].stored(nodes[table[i].node]), decays(table[i].kind), i});
  }

  int count() const { return static_cast<int>(table_.size()); }
  parameter const& operator[](int i) const { return table_[i]; }
  std::span<parameter_range const> ranges() const { return {ranges_.data(), ranges_.size()}; }

  std::span<T> values() { return values_.all(); }
  std::span<T const> values() const { return values_.all(); }
  std::span<T const> gradients() const { return gradients_.all(); }

  /// Parameter i, or its gradient, from and to PyTorch's layout.
  void write(int i, T const* from) { pack_parameter(table_[i], node_of(i), from, at(i)); }
  void read(int i, T* to) const {
    unpack_parameter(table_[i], node_of(i), const_cast<parameter_storage*>(this)->at(i), to);
  }
  void read_gradient(int i, T* to) const {
    unpack_parameter(table_[i], node_of(i), gradients_.data() + offsets_[i], to);
  }

  /// Tells every node where its parameters lie.
  void attach(std::span<kernels::node_memory<T>> memory) {
    for (int i = 0; i < count(); ++i)
      attach_parameter(table_[i], node_of(i), memory[table_[i].node], at(i),
                       is_learned(table_[i].kind) ? gradients_.data() + offsets_[i] : nullptr);
  }

 private:
  graph_node const& node_of(int i) const { return nodes_[table_[i].node]; }
  T* at(int i) { return (is_learned(table_[i].kind) ? values_ : remembered_).data() + offsets_[i]; }

  std::span<parameter const> table_;
  std::span<graph_node const> nodes_;
  std::vector<int> offsets_;
  std::vector<parameter_range> ranges_;
  aligned_buffer<T> values_, gradients_, remembered_;
};

}  // namespace laminate
