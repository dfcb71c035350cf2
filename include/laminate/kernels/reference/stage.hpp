// One node of a run with everything it reads and writes, and the choice of its loops by role.
#pragma once

#include <array>
#include <laminate/graph/parameters.hpp>
#include <laminate/kernels/reference/activation.hpp>
#include <laminate/kernels/reference/batch_norm.hpp>
#include <laminate/kernels/reference/convolution.hpp>
#include <laminate/kernels/reference/custom.hpp>
#include <laminate/kernels/reference/dense.hpp>
#include <laminate/kernels/reference/dropout.hpp>
#include <laminate/kernels/reference/layer_norm.hpp>
#include <laminate/kernels/reference/pool.hpp>
#include <laminate/kernels/reference/structure.hpp>
#include <laminate/kernels/reference/upsample.hpp>

namespace laminate::kernels::reference {

/// A node's parameters and buffers, or their gradients, by kind; nullptr for those it does not have.
template<class T> struct parameters_of_node {
  std::array<T*, static_cast<int>(parameter_kind::running_var) + 1> all{};

  constexpr T*& operator[](parameter_kind k) { return all[static_cast<int>(k)]; }
  constexpr T* operator[](parameter_kind k) const { return all[static_cast<int>(k)]; }
  constexpr operator normalisation<T>() const {
    using enum parameter_kind;
    auto const& self = *this;
    return {self[scale], self[shift], self[running_mean], self[running_var]};
  }
};

/// Not a template over the network: the switches below are compiled once per scalar, not once per network.
template<class T> struct stage {
  laminate::graph_node const& node;
  int number;  // of the node in the graph
  int images;
  bool training;
  std::uint64_t dropout_key;
  activation_loops<T> activation;
  custom_layer_loops<T> custom;
  T* room;                  // for one image of the largest custom layer's input
  std::array<T*, 2> x, dx;  // of the first and second input
  T *y, *dy;
  parameters_of_node<T> values, gradients;

  long elements() const { return static_cast<long>(images) * node.out.size(); }
};

/// y from x.
template<class T> void compute(stage<T> const& s) {
  using enum parameter_kind;
  laminate::graph_node const& v = s.node;
  int const n = s.images;
  T const *const x = s.x[0], *const second = s.x[1];
  T const *const w = s.values[weight], *const b = s.values[bias];
  switch (v.acts_as) {
    case role::convolution:
    case role::transposed_convolution: return convolve(v, n, x, w, b, s.y);
    case role::dense: return multiply(v, n, x, w, b, s.y);
    case role::normalisation: return normalise<T>(v, n, x, s.values, s.y, s.training);
    case role::layer_normalisation: return normalise_channels(v, n, x, s.values[scale], s.values[shift], s.y);
    case role::activation: return s.activation.activate(v, n, x, s.values[slope], s.y);
    case role::dropout: return drop_out(v, s.number, n, s.dropout_key, x, s.y, s.training);
    case role::max_pool: return max_pool(v, n, x, s.y);
    case role::average_pool: return average_pool(v, n, x, s.y);
    case role::global_average_pool: return global_average_pool(v, n, x, s.y);
    case role::upsample: return upsample(v, n, x, s.y);
    case role::custom: return s.custom.forward(v, n, x, s.y);
    case role::flatten: return copy(s.elements(), x, s.y);
    case role::sum: return sum(s.elements(), x, second, s.y);
    case role::product:
    case role::channel_scale: return multiply_by_factor(v, n, x, second, s.y);
    case role::concatenation: return concatenate(v, n, x, second, s.y);
    default: return;  // the input, and brackets, which leave no node
  }
}

/// Adds what dy contributes to the gradients of the inputs and of the parameters. dy must be complete: all
/// consumers of the node come first.
template<class T> void add_gradients(stage<T> const& s) {
  using enum parameter_kind;
  laminate::graph_node const& v = s.node;
  int const n = s.images;
  T const *const x = s.x[0], *const dy = s.dy, *const w = s.values[weight];
  T *const dx = s.dx[0], *const dw = s.gradients[weight], *const db = s.gradients[bias];
  switch (v.acts_as) {
    case role::convolution:
    case role::transposed_convolution:
      add_convolution_data_gradient(v, n, w, dy, dx);
      return add_convolution_weight_gradient(v, n, x, dy, dw, db);
    case role::dense: add_dense_data_gradient(v, n, w, dy, dx); return add_dense_weight_gradient(v, n, x, dy, dw, db);
    case role::normalisation: return add_normalisation_gradient<T>(v, n, x, s.values, dy, dx, s.gradients);
    case role::layer_normalisation:
      return add_layer_norm_gradient(v, n, x, s.values[scale], dy, dx, s.gradients[scale], s.gradients[shift]);
    case role::activation: return s.activation.add_gradient(v, n, x, s.values[slope], dy, dx, s.gradients[slope]);
    case role::dropout: return add_dropout_gradient(v, s.number, n, s.dropout_key, dy, dx);
    case role::max_pool: return add_max_pool_gradient(v, n, x, dy, dx);
    case role::average_pool: return add_average_pool_gradient(v, n, dy, dx);
    case role::global_average_pool: return add_global_average_pool_gradient(v, n, dy, dx);
    case role::upsample: return add_upsample_gradient(v, n, dy, dx);
    case role::custom: return s.custom.add_gradient(v, n, x, dy, dx, s.room);
    case role::flatten: return add(s.elements(), dy, dx);
    case role::sum: add(s.elements(), dy, dx); return add(s.elements(), dy, s.dx[1]);
    case role::product:
    case role::channel_scale: return add_factor_gradients(v, n, x, s.x[1], dy, dx, s.dx[1]);
    case role::concatenation: return add_concatenation_gradient(v, n, dy, dx, s.dx[1]);
    default: return;
  }
}

}  // namespace laminate::kernels::reference
