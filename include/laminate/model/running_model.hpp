// What a model has and does, whatever its network: parameters, an arena, and what is to be prepared before each pass.
#pragma once

#include <cstdint>
#include <laminate/model/batch.hpp>
#include <laminate/model/grouped_inference.hpp>
#include <laminate/model/initialize.hpp>
#include <laminate/model/non_finite.hpp>
#include <laminate/model/numbers.hpp>
#include <laminate/model/running_plan.hpp>
#include <laminate/model/storage.hpp>
#include <span>
#include <string>
#include <vector>

namespace laminate {

/// A network under a policy by address, of constants.
struct planned_network {
  std::span<graph_node const> nodes;
  std::span<parameter const> parameters;
  running_plan const* training;
  running_plan const* inference;
  int together;  ///< samples that inference sends through the network together
};

/// Model's memory and its way through a pass; Model checks a batch, as it knows its shapes, and brings the code.
/// Compiled once for a scalar and a processor, where Model is once for a network: not inlined, as g++ would do so for
/// each of them.
template<class T, class Arch> class running_model {
 public:
  using codes = kernels::step_code<T> const* const*;

  /// `net` is a constant: it is kept by address.
  [[gnu::noinline]] running_model(planned_network const& net, std::uint64_t seed, int capacity, Init how)
      : net_(&net),
        capacity_(capacity),
        parameters_(net.parameters, net.nodes),
        numbers_(net.nodes, net.training->all()),
        inference_(net.nodes, *net.inference, net.together),
        memory_(net.nodes.size()),
        scratch_of_steps_(aligned(plan().scratch)),
        scratch_size_(scratch_of_steps_ + aligned(plan().near)),
        sums_size_(3L * capacity * numbers_.widest()),
        arena_(static_cast<std::size_t>(plan().arena) * capacity),
        sums_(static_cast<std::size_t>(plan().reductions) * sums_size_),
        weight_parts_(plan().weight_part * kernels::weight_gradient_parts),
        random_state_(seed) {
    parameters_.attach(memory_);
    numbers_.attach(memory_);
    std::vector<T> values;
    for (int i = 0; i < parameters_.count(); ++i) {
      values.resize(parameters_[i].size());
      initialize<T>(net.nodes, parameters_[i], i, seed, how, values);
      write_parameter(i, values);
    }
    threads(default_threads());
  }

  int capacity() const { return capacity_; }
  int threads() const { return inference_.threads(); }
  void threads(int count) {
    inference_.threads(count);
    scratch_ = aligned_buffer<T>(static_cast<std::size_t>(scratch_size_) * threads());
  }

  [[gnu::noinline]] void infer(codes of, T const* x, T* y, int n) {
    refresh(running_scales_are_old_, [&] { scale_by_running_statistics<T>(net_->nodes, memory_); });
    refresh(slopes_are_old_, [&] { spread_slopes<T>(net_->nodes, memory_); });
    refresh_tiles(*net_->inference, of);
    inference_.infer(of, memory_, x, y, n);
  }

  [[gnu::noinline]] void forward(codes of, std::span<T const> x, std::span<T> y, int n) {
    check_statistics(net_->nodes, n);
    refresh(slopes_are_old_, [&] { spread_slopes<T>(net_->nodes, memory_); });
    refresh_tiles(*net_->training, of);
    dropout_key_ = hash_of(random_state_++, 0);
    run_forward(state_for(n, dropout_key_), *net_->training, of, x, y);
    forward_batch_ = n;
    ++batches_tracked_;
    running_scales_are_old_ = true;
  }

  [[gnu::noinline]] void backward(codes of, std::span<T const> dy, std::span<T> dx) {
    check_gradient(dy.size(), dx.size(), net_->nodes.front().out, net_->nodes.back().out, forward_batch_);
    tiles_are_old_ = true;  // the transposed ones take their place
    auto const prepare = [&](weights_for which) { numbers_.prepare(*net_->training, of, which, memory_, threads()); };
    refresh(transposed_are_old_, [&] { prepare(weights_for::backward); });
    if (!dx.empty()) refresh(first_transposed_is_old_, [&] { prepare(weights_for::input_gradient); });
    auto state = state_for(forward_batch_, dropout_key_);
    forward_batch_ = 0;
    state.wants_input_gradient = !dx.empty();
    run_backward(state, *net_->training, of, dy, dx);
  }

  parameter_storage<T>& parameters() { return parameters_; }
  parameter_storage<T> const& parameters() const { return parameters_; }
  std::span<kernels::node_memory<T> const> memory() const { return memory_; }
  void parameters_changed() {
    running_scales_are_old_ = slopes_are_old_ = tiles_are_old_ = transposed_are_old_ = first_transposed_is_old_ = true;
  }
  void write_parameter(int i, std::span<T const> from) {
    parameters_.write(i, from.data());
    parameters_changed();
  }

  std::uint64_t random_state() const { return random_state_; }
  void random_state(std::uint64_t state) { random_state_ = state; }
  long batches_tracked() const { return batches_tracked_; }
  void batches_tracked(long count) { batches_tracked_ = count; }

  /// The first layer whose result in a forward pass, not yet followed by its backward pass, is not finite. `made`: the
  /// operations of the forward pass, `lives`: of tensors.
  std::string first_non_finite_layer(std::span<fusion::operation const> made, std::span<memory::lifetime const> lives) {
    if (forward_batch_ == 0) return {};
    int const node =
        first_non_finite_node<T>(state_for(forward_batch_, 0), made, lives, plan().forward_steps, plan().output);
    return node < 0 ? std::string{} : name_of(net_->nodes[node].at);
  }

  std::size_t arena_bytes() const { return arena_.size() * sizeof(T) + inference_.arena_bytes(); }

 private:
  memory::pass_numbers const& plan() const { return net_->training->numbers; }

  static void refresh(bool& is_old, auto&& make) {
    if (is_old) make();
    is_old = false;
  }

  void refresh_tiles(running_plan const& pass, codes of) {
    refresh(tiles_are_old_, [&] {
      numbers_.prepare(pass, of, weights_for::forward, memory_, threads());
      transposed_are_old_ = first_transposed_is_old_ = true;  // they were in the same place
    });
  }

  kernels::run_state<T> state_for(int n, std::uint64_t key) {
    return {.batch = n,
            .capacity = capacity_,
            .threads = threads(),
            .run_loop = run_on_threads,
            .dropout_key = key,
            .nodes = net_->nodes,
            .memory = memory_,
            .tensors = net_->training->tensors,
            .arena = arena_.data(),
            .scratch = scratch_.data(),
            .scratch_size = scratch_size_,
            .near = scratch_of_steps_,
            .sums = sums_.data(),
            .sums_size = sums_size_,
            .weight_parts = weight_parts_.data(),
            .weight_part_size = plan().weight_part};
  }

  planned_network const* net_;
  int capacity_;
  int forward_batch_ = 0;
  parameter_storage<T> parameters_;
  derived_numbers<T> numbers_;
  grouped_inference<T> inference_;
  std::vector<kernels::node_memory<T>> memory_;
  long scratch_of_steps_, scratch_size_, sums_size_;
  aligned_buffer<T> arena_, scratch_, sums_, weight_parts_;
  std::uint64_t random_state_;
  std::uint64_t dropout_key_ = 0;
  long batches_tracked_ = 0;
  bool running_scales_are_old_ = true, slopes_are_old_ = true, tiles_are_old_ = true, transposed_are_old_ = true,
       first_transposed_is_old_ = true;
};

}  // namespace laminate
