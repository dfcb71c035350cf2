// Runs a network layer by layer, by plain loops over plain arrays: what other policies are checked against.
#pragma once

#include <algorithm>
#include <laminate/kernels/reference/stage.hpp>
#include <laminate/support/error.hpp>
#include <span>
#include <vector>

namespace laminate {

/// Forward and backward pass of Net in the scalar T. Batches are NCHW, weights OIHW, all of them row-major.
/// Every node keeps its whole output and has a gradient of its own; nothing is allocated after construction.
template<class Net, class T> class reference_executor {
 public:
  /// Parameters and buffers are all 0 at first: set values() before running. Throws laminate::error if
  /// capacity < 1.
  explicit reference_executor(int capacity) : capacity_(capacity) {
    if (capacity < 1) throw error("reference_executor: the capacity must be at least 1");
    output_gradients_.resize(static_cast<std::size_t>(capacity_) * starts[net.size]);
    for (auto& run : runs_) run.outputs.resize(output_gradients_.size());
    values_.resize(offset(count));
    gradients_.resize(values_.size());
    for (int i = 0; i < net.size; ++i)
      if (net.nodes[i].acts_as == role::custom)
        room_.resize(std::max(room_.size(), static_cast<std::size_t>(net.nodes[i].in.size())));
  }

  /// x: (n, C, H, W), y: (n, out). In training, normalisations use the batch and move their running
  /// statistics, and dropout is active. Throws laminate::error unless 1 ≤ n ≤ capacity.
  void run(T const* x, int n, T* y, bool training) {
    if (n < 1 || n > capacity_) throw error("reference_executor: a batch must have 1 to capacity samples");
    is_training_ = training;
    now().images = n;
    key_ = training ? dropout_key : key_;
    std::copy_n(x, elements(0), output(0));
    for (int i = 1; i < net.size; ++i) compute(at(i));
    std::copy_n(output(last), elements(last), y);
    batches_tracked += training;
  }

  /// dy: (n, out) of the last run in training; where there is none laminate::error is thrown. Overwrites gradients(),
  /// and dx (n, C, H, W) unless it is nullptr. values() must still be those of that run.
  void backward(T const* dy, T* dx) {
    is_training_ = true;
    if (now().images == 0) throw error("reference_executor: backward() wants a run in training before it");
    std::ranges::fill(gradients_, T(0));
    std::ranges::fill(output_gradients_, T(0));
    std::copy_n(dy, elements(last), output_gradient(last));
    for (int i = last; i > 0; --i) add_gradients(at(i));
    if (dx) std::copy_n(output_gradient(0), elements(0), dx);
  }

  /// All parameters and buffers in the order and shapes of parameters_of<Net>, one after the other.
  std::span<T> values() { return values_; }
  /// The same for gradients; those of buffers stay 0.
  std::span<T> gradients() { return gradients_; }
  /// Where parameters_of<Net>[i] begins in both; for i = the number of parameters, where both end.
  static constexpr int offset(int i) { return offsets[i]; }

  /// What node i of graph_of<Net> gave in the last run, (n, …) as x, and the gradient there in the last backward().
  std::span<T const> output_of(int i) const { return images_of(now().outputs, i); }
  std::span<T const> output_gradient_of(int i) const { return images_of(output_gradients_, i); }

  std::uint64_t dropout_key = 0;  ///< to be fresh for each run() in training: see kernels/dropout_mask.hpp
  long batches_tracked = 0;       ///< runs in training

 private:
  static constexpr auto& net = graph_of<Net>;
  static constexpr auto& table = parameters_of<Net>;
  static constexpr int count = static_cast<int>(table.size());
  static constexpr int last = net.size - 1;

  static constexpr auto offsets = [] {
    std::array<int, count + 1> begin{};
    for (int i = 0; i < count; ++i) begin[i + 1] = begin[i] + table[i].size();
    return begin;
  }();
  // Where the nodes' outputs begin, for a capacity of one sample.
  static constexpr auto starts = [] {
    std::array<std::size_t, net.size + 1> begin{};
    for (int i = 0; i < net.size; ++i) begin[i + 1] = begin[i] + net.nodes[i].out.size();
    return begin;
  }();
  struct leaf_loops {
    kernels::reference::activation_loops<T> activation;
    kernels::reference::custom_layer_loops<T> custom;
  };
  static constexpr auto loops = []<int... Leaf>(std::integer_sequence<int, Leaf...>) {
    using namespace kernels::reference;
    return std::array{leaf_loops{loops_of_leaf<Net, Leaf, T>(), custom_loops_of_leaf<Net, Leaf, T>()}...};
  }
  (std::make_integer_sequence<int, leaf_count<Net>>{});

  /// Of the last run in training, and of the last one that was none: that leaves alone what backward() needs.
  struct results {
    int images = 0;
    std::vector<T> outputs;
  };
  results& now() { return runs_[is_training_]; }
  results const& now() const { return runs_[is_training_]; }

  long elements(int node) const { return static_cast<long>(now().images) * net.nodes[node].out.size(); }
  // nullptr for a missing input, −1.
  T* of_node(std::vector<T>& all, int node) {
    return node < 0 ? nullptr : all.data() + static_cast<std::size_t>(capacity_) * starts[node];
  }
  std::span<T const> images_of(std::vector<T> const& all, int node) const {
    return std::span(all).subspan(static_cast<std::size_t>(capacity_) * starts[node], elements(node));
  }
  T* output(int node) { return of_node(now().outputs, node); }
  T* output_gradient(int node) { return of_node(output_gradients_, node); }

  static kernels::reference::parameters_of_node<T> find(int node, std::vector<T>& all) {
    kernels::reference::parameters_of_node<T> found;
    for (int i = 0; i < count; ++i)
      if (table[i].node == node) found[table[i].kind] = all.data() + offsets[i];
    return found;
  }

  kernels::reference::stage<T> at(int i) {
    auto const [first, second] = net.nodes[i].inputs;
    return {.node = net.nodes[i],
            .number = i,
            .images = now().images,
            .training = is_training_,
            .dropout_key = key_,
            .activation = loops[net.nodes[i].leaf].activation,
            .custom = loops[net.nodes[i].leaf].custom,
            .room = room_.data(),
            .x = {output(first), output(second)},
            .dx = {output_gradient(first), output_gradient(second)},
            .y = output(i),
            .dy = output_gradient(i),
            .values = find(i, values_),
            .gradients = find(i, gradients_)};
  }

  int capacity_;
  bool is_training_ = false;  // the last pass
  std::uint64_t key_ = 0;     // of the last run in training
  std::array<results, 2> runs_;
  std::vector<T> output_gradients_, values_, gradients_, room_;
};

}  // namespace laminate
