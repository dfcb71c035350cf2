// Model<Net, Policy, Scalar>: a network with parameters, ready to run forward and backward.
#pragma once

#include <laminate/layers/dense.hpp>
#include <laminate/layers/input.hpp>
#include <laminate/model/batch.hpp>
#include <laminate/model/grouped_inference.hpp>
#include <laminate/model/initialize.hpp>
#include <laminate/model/non_finite.hpp>
#include <laminate/model/numbers.hpp>
#include <laminate/model/sequence.hpp>
#include <laminate/model/tensors.hpp>
#include <laminate/support/error.hpp>

namespace laminate {

/// A network with its parameters. Policy: Fused, Unfused or Reference; T: float or double;
/// Arch: an xsimd architecture. Batches are row-major (N, C, H, W) or (N, features); N is a
/// run-time number up to the capacity given at construction.
template<class Net, class Policy = Fused, class T = float, class Arch = kernels::default_arch,
         bool Accepted = is_accepted<Net>>
class Model;

/// The model that runs SIMD kernels along the plan of its policy.
template<class Net, class Policy, class T, class Arch>
class Model<Net, Policy, T, Arch, true> : public takes_tensors<Model<Net, Policy, T, Arch, true>, T> {
  static constexpr auto& g = graph_of<Net>;
  using testing = grouped_inference<Net, Policy, pass::inference, T, Arch>;
  using training = sequence<Net, Policy, pass::training, T, Arch>;

 public:
  using scalar = T;
  using network = Net;
  static constexpr shape in = g.nodes[0].out;
  static constexpr shape out = g.output().out;

  using takes_tensors<Model, T>::infer;
  using takes_tensors<Model, T>::forward;
  using takes_tensors<Model, T>::backward;

  /// `capacity`: the largest batch. All memory is taken here; running takes none.
  explicit Model(std::uint64_t seed = 0, int capacity = 64, Init how = Init::automatic)
      : capacity_(checked_capacity(capacity)),
        arena_(static_cast<std::size_t>(training::plan.arena) * capacity),
        sums_(static_cast<std::size_t>(training::plan.reductions) * sums_size()),
        weight_parts_(training::plan.weight_part * kernels::weight_gradient_parts),
        random_state_(seed) {
    parameters_.attach(memory_);
    numbers_.attach(memory_);
    initialize(seed, how);
    threads(default_threads());
  }

  int capacity() const { return capacity_; }
  int threads() const { return testing_.threads(); }
  /// Results do not depend on it. Takes memory: not for use between forward and backward.
  void threads(int count) {
    testing_.threads(count);
    scratch_ = aligned_buffer<T>(static_cast<std::size_t>(scratch_size) * threads());
  }

  /// y = the network's output with running statistics and without dropout. x: N samples, y: N outputs.
  void infer(std::span<T const> x, std::span<T> y) {
    int const n = checked_batch(x.size(), y.size(), in, out, capacity_);
    if constexpr (!testing::is_straight) {
      refresh(running_scales_are_old_, [&] { numbers::scale_by_running_statistics(memory_); });
      refresh(slopes_are_old_, [&] { numbers::spread_slopes(memory_); });
      refresh_tiles();
    }
    testing_.infer(memory_, x.data(), y.data(), n);
  }

  /// The same in training mode: statistics of the batch, dropout; running statistics move. Keeps what backward needs.
  void forward(std::span<T const> x, std::span<T> y) {
    int const n = checked_batch(x.size(), y.size(), in, out, capacity_);
    check_statistics(g.all(), n);
    refresh(slopes_are_old_, [&] { numbers::spread_slopes(memory_); });
    refresh_tiles();
    dropout_key_ = hash(random_state_++, 0);
    auto const state = state_for(n, dropout_key_);
    import_tensor(state, training::plan.input, x);
    training::forward(state);
    export_tensor(state, training::plan.output, y);
    forward_batch_ = n;
    ++batches_tracked_;
    running_scales_are_old_ = true;
  }

  /// Gradients of all parameters from dy, the loss's gradient at the output of the last forward; they are overwritten.
  /// Once for each forward: going back uses up what forward has kept.
  void backward(std::span<T const> dy) { backward(dy, {}); }

  /// The same, and the gradient at the input; `dx` may be empty.
  void backward(std::span<T const> dy, std::span<T> dx) {
    int const n = checked_gradient(dy.size(), dx.size(), in, out, forward_batch_);
    tiles_are_old_ = true;  // the transposed ones take their place
    refresh(transposed_are_old_, [&] { numbers::transpose(memory_, threads()); });
    if (!dx.empty()) refresh(first_transposed_is_old_, [&] { numbers::transpose_first(memory_); });
    forward_batch_ = 0;
    auto state = state_for(n, dropout_key_);
    state.wants_input_gradient = !dx.empty();
    import_tensor(state, training::plan.output_gradient, dy);
    training::backward(state);
    if (!dx.empty()) export_tensor(state, training::plan.input_gradient, dx);
  }

  /// All learned parameters in one buffer, in the kernels' own order; its gaps are and stay
  /// zero. After writing to it call parameters_changed().
  std::span<T> parameters() { return parameters_.values(); }
  std::span<T const> parameters() const { return parameters_.values(); }
  std::span<T const> gradients() const { return parameters_.gradients(); }
  std::span<parameter_range const> ranges() const { return storage::ranges; }
  void parameters_changed() {
    running_scales_are_old_ = slopes_are_old_ = tiles_are_old_ = transposed_are_old_ = first_transposed_is_old_ = true;
  }

  /// The state from which dropout draws.
  std::uint64_t random_state() const { return random_state_; }
  void random_state(std::uint64_t state) { random_state_ = state; }
  long batches_tracked() const { return batches_tracked_; }
  void batches_tracked(long count) { batches_tracked_ = count; }

  /// Parameter or buffer i of parameters_of<Net> in PyTorch's layout. See state_dict for names and checks.
  void read_parameter(int i, std::span<T> to) const { parameters_.read(i, parameters_.at(i), to.data()); }
  void read_gradient(int i, std::span<T> to) const { parameters_.read(i, parameters_.gradient(i), to.data()); }
  void write_parameter(int i, std::span<T const> from) {
    parameters_.write(i, from.data(), parameters_.at(i));
    parameters_changed();
  }

  /// "3.body.0": the first layer whose result in a forward pass, not yet followed by its backward pass, is not finite.
  std::string first_non_finite_layer() {
    using stages = planning<Net, Policy, pass::training>;
    if (forward_batch_ == 0) return {};
    auto const& made = stages::expanded;
    int const node =
        first_non_finite_node<T>(state_for(forward_batch_, 0), std::span(made.operations.items).first(made.forward_end),
                                 stages::lives, training::plan.forward_steps, training::plan.output);
    return node < 0 ? std::string{} : name_of(g.nodes[node].at);
  }

  /// Samples that infer sends through the network together.
  static constexpr int together = testing::together;
  /// Bytes of the arenas, as planned: one for training, and one for each thread's inference.
  std::size_t arena_bytes() const { return arena_.size() * sizeof(T) + testing_.arena_bytes(); }

 private:
  using storage = parameter_storage<Net, T>;
  using numbers = derived_numbers<Net, Policy, T, Arch>;
  static constexpr long scratch_of_steps = aligned(training::plan.scratch),
                        scratch_size = scratch_of_steps + aligned(training::plan.near);

  long sums_size() const { return 3L * capacity_ * numbers::sizes.widest; }

  void initialize(std::uint64_t seed, Init how) {
    std::vector<T> values;
    for (int i = 0; i < storage::count; ++i) {
      values.resize(storage::table[i].size());
      laminate::initialize<T>(g, storage::table[i], i, seed, how, values);
      write_parameter(i, values);
    }
  }

  static void refresh(bool& is_old, auto&& make) {
    if (is_old) make();
    is_old = false;
  }

  void refresh_tiles() {
    refresh(tiles_are_old_, [&] {
      numbers::transform(memory_, threads());
      transposed_are_old_ = first_transposed_is_old_ = true;  // they were in the same place
    });
  }

  kernels::run_state<T> state_for(int n, std::uint64_t key) {
    return {.batch = n,
            .capacity = capacity_,
            .threads = threads(),
            .dropout_key = key,
            .nodes = g.all(),
            .memory = memory_,
            .tensors = training::plan.tensors,
            .arena = arena_.data(),
            .scratch = scratch_.data(),
            .scratch_size = scratch_size,
            .near = scratch_of_steps,
            .sums = sums_.data(),
            .sums_size = sums_size(),
            .weight_parts = weight_parts_.data(),
            .weight_part_size = training::plan.weight_part};
  }

  int capacity_;
  int forward_batch_ = 0;
  storage parameters_;
  numbers numbers_;
  testing testing_;
  std::array<kernels::node_memory<T>, g.size> memory_{};
  aligned_buffer<T> arena_, scratch_, sums_, weight_parts_;
  std::uint64_t random_state_;
  std::uint64_t dropout_key_ = 0;
  long batches_tracked_ = 0;
  bool running_scales_are_old_ = true, slopes_are_old_ = true, tiles_are_old_ = true, transposed_are_old_ = true,
       first_transposed_is_old_ = true;
};

/// A refused declaration has been reported. A network of one weight stands in for it, so that
/// nothing more is said about whatever the program does with its model.
template<class Net, class Policy, class T, class Arch>
class Model<Net, Policy, T, Arch, false> : public Model<Network<Features<1>, Dense<1>>, Policy, T, Arch> {
 public:
  using Model<Network<Features<1>, Dense<1>>, Policy, T, Arch>::Model;
};

}  // namespace laminate
