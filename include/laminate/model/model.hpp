// Model<Net, Policy, Scalar>: a network with parameters, ready to run forward and backward.
#pragma once

#include <laminate/memory/traffic.hpp>
#include <laminate/model/running_model.hpp>
#include <laminate/model/sequence.hpp>
#include <laminate/model/stand_in.hpp>
#include <laminate/model/straight_inference.hpp>
#include <laminate/model/tensors.hpp>
#include <type_traits>

namespace laminate {

template<class Policy, class T> consteval bool ask_for_policy() {
  constexpr bool is_reference = std::is_same_v<Policy, Reference>;
  constexpr bool is_policy = is_reference || requires { Policy::keeps; };
  constexpr bool is_scalar =
      std::is_same_v<T, float> || std::is_same_v<T, double> || (is_reference && std::is_floating_point_v<T>);
  static_assert(is_policy, "the policy of a Model comes before its scalar: Model<Net, Fused, double>");
  static_assert(is_scalar, "a Model computes in float or double");
  return is_policy && is_scalar;
}

/// True, or one compiler error.
template<class Policy, class T> inline constexpr bool is_run_by = ask_for_policy<Policy, T>();

// Others in the place of those that are refused. Who forgot the policy meant it as the scalar.
template<class Policy, class T> using accepted_policy = std::conditional_t<is_run_by<Policy, T>, Policy, Fused>;
template<class Policy, class T>
using accepted_scalar =
    std::conditional_t<is_run_by<Policy, T>, T, std::conditional_t<std::is_same_v<Policy, double>, double, float>>;

/// A network with its parameters. Policy: Fused, Unfused or Reference; T: float or double;
/// Arch: an xsimd architecture. Batches are row-major (N, C, H, W) or (N, features); N is a
/// run-time number up to the capacity given at construction.
template<class Net, class Policy = Fused, class T = float, class Arch = kernels::default_arch,
         bool Accepted = is_accepted<Net>&& is_run_by<Policy, T>>
class Model;

/// For what is refused of `Model<Net, Policy, T, Arch>`: its network, its policy or its scalar.
template<class Policy, class T, class Arch>
using stand_in_model = Model<stand_in, accepted_policy<Policy, T>, accepted_scalar<Policy, T>, Arch>;

/// The model that runs SIMD kernels along the plan of its policy.
template<class Net, class Policy, class T, class Arch>
class Model<Net, Policy, T, Arch, true> : public takes_tensors<Model<Net, Policy, T, Arch, true>, T> {
  static constexpr auto& g = graph_of<Net>;
  using straight = straight_inference<Net, Policy, T, Arch>;

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
      : run_(planned, seed, checked_capacity(capacity), how) {}
  Model(Model&&) = default;  // so a copy is one error
  Model& operator=(Model&&) = default;

  int capacity() const { return run_.capacity(); }
  int threads() const { return run_.threads(); }
  /// Results do not depend on it. Takes memory: not for use between forward and backward.
  void threads(int count) { run_.threads(count); }

  /// y = the network's output with running statistics and without dropout. x: N samples, y: N outputs.
  void infer(std::span<T const> x, std::span<T> y) {
    int const n = checked_batch(x.size(), y.size(), in, out, capacity());
    if constexpr (straight::fits)
      straight::infer(run_.memory(), x.data(), y.data(), n, threads(), run_on_threads);
    else
      run_.infer(sequence<Net, Policy, pass::inference, T, Arch>::codes.data(), x.data(), y.data(), n);
  }

  /// The same in training mode: statistics of the batch, dropout; running statistics move. Keeps what backward needs.
  void forward(std::span<T const> x, std::span<T> y) {
    run_.forward(codes_of_training(), x, y, checked_batch(x.size(), y.size(), in, out, capacity()));
  }

  /// Gradients of all parameters from dy, the loss's gradient at the output of the last forward; they are overwritten.
  /// Once for each forward: going back uses up what forward has kept.
  void backward(std::span<T const> dy) { backward(dy, {}); }

  /// The same, and the gradient at the input; `dx` may be empty.
  void backward(std::span<T const> dy, std::span<T> dx) { run_.backward(codes_of_training(), dy, dx); }

  /// All learned parameters in one buffer, in the kernels' own order; its gaps are and stay
  /// zero. After writing to it call parameters_changed().
  std::span<T> parameters() { return run_.parameters().values(); }
  std::span<T const> parameters() const { return run_.parameters().values(); }
  std::span<T const> gradients() const { return run_.parameters().gradients(); }
  std::span<parameter_range const> ranges() const { return run_.parameters().ranges(); }
  void parameters_changed() { run_.parameters_changed(); }

  /// The state from which dropout draws.
  std::uint64_t random_state() const { return run_.random_state(); }
  void random_state(std::uint64_t state) { run_.random_state(state); }
  long batches_tracked() const { return run_.batches_tracked(); }
  void batches_tracked(long count) { run_.batches_tracked(count); }

  /// Parameter or buffer i of parameters_of<Net> in PyTorch's layout. See state_dict for names and checks.
  void read_parameter(int i, std::span<T> to) const { run_.parameters().read(i, to.data()); }
  void read_gradient(int i, std::span<T> to) const { run_.parameters().read_gradient(i, to.data()); }
  void write_parameter(int i, std::span<T const> from) { run_.write_parameter(i, from); }

  /// "3.body.0": the first layer whose result in a forward pass, not yet followed by its backward pass, is not finite.
  std::string first_non_finite_layer() {
    using stages = memory::planning<Net, Policy, pass::training>;
    auto const& made = stages::expanded;
    return run_.first_non_finite_layer(std::span(made.operations.items).first(made.forward_end), stages::lives);
  }

  /// Samples that infer sends through the network together.
  static constexpr int together =
      memory::images_together(memory::footprint_of<Net, Policy, pass::inference>(sizeof(T)));
  /// Bytes of the arenas, as planned: one for training, and one for each thread's inference.
  std::size_t arena_bytes() const { return run_.arena_bytes(); }

 private:
  static auto codes_of_training() { return sequence<Net, Policy, pass::training, T, Arch>::codes.data(); }

  static constexpr planned_network planned{g.all(), parameters_of<Net>, &running<Net, Policy, pass::training>,
                                           &running<Net, Policy, pass::inference>, together};

  running_model<T, Arch> run_;
};

/// Refused.
template<class Net, class Policy, class T, class Arch>
class Model<Net, Policy, T, Arch, false> : public stand_in_model<Policy, T, Arch> {
 public:
  using stand_in_model<Policy, T, Arch>::stand_in_model;
};

}  // namespace laminate
