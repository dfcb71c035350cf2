// What a layer computes, by the measure that tables of networks use.
#pragma once

#include <laminate/graph/node.hpp>
#include <span>

namespace laminate {

/// Multiply-adds of one sample through a layer; as in most tables, of convolutions and dense layers only.
constexpr long multiply_adds(graph_node const& v) {
  if (v.acts_as == role::dense) return static_cast<long>(v.in.channels) * v.out.channels;
  if (v.acts_as == role::transposed_convolution)
    return static_cast<long>(v.in.size()) * (v.out.channels / v.how.groups) * v.how.kernel * v.how.kernel;
  if (v.acts_as != role::convolution) return 0;
  return static_cast<long>(v.out.size()) * (v.in.channels / v.how.groups) * v.how.kernel * v.how.kernel;
}

/// Those of all layers.
constexpr long multiply_adds(std::span<graph_node const> nodes) {
  long sum = 0;
  for (graph_node const& v : nodes) sum += multiply_adds(v);
  return sum;
}

}  // namespace laminate
