// Model<Net, Reference, Scalar>: the same interface over plain loops, as a specification to check against.
#pragma once

#include <laminate/kernels/reference/executor.hpp>
#include <laminate/model/model.hpp>

namespace laminate {

/// Runs layer by layer over NCHW arrays in any scalar. Slow and simple.
template<class Net, class T, class Arch>
class Model<Net, Reference, T, Arch, true> : public takes_tensors<Model<Net, Reference, T, Arch, true>, T> {
  static constexpr auto& g = graph_of<Net>;
  using executor = reference_executor<Net, T>;

 public:
  using scalar = T;
  using network = Net;
  static constexpr shape in = g.nodes[0].out;
  static constexpr shape out = g.output().out;

  using takes_tensors<Model, T>::infer;
  using takes_tensors<Model, T>::forward;
  using takes_tensors<Model, T>::backward;

  explicit Model(std::uint64_t seed = 0, int capacity = 64, Init how = Init::automatic)
      : capacity_(checked_capacity(capacity)), run_(capacity), random_state_(seed) {
    for (int i = 0; i < static_cast<int>(table.size()); ++i) initialize<T>(g.all(), table[i], i, seed, how, values(i));
  }

  int capacity() const { return capacity_; }
  int threads() const { return 1; }
  void threads(int) {}

  void infer(std::span<T const> x, std::span<T> y) {
    run_.run(x.data(), checked_batch(x.size(), y.size(), in, out, capacity_), y.data(), false);
  }
  void forward(std::span<T const> x, std::span<T> y) {
    int const n = checked_batch(x.size(), y.size(), in, out, capacity_);
    check_statistics(g.all(), n);
    run_.dropout_key = hash_of(random_state_++, 0);
    run_.run(x.data(), n, y.data(), true);
    forward_batch_ = n;
  }
  void backward(std::span<T const> dy) { backward(dy, {}); }
  void backward(std::span<T const> dy, std::span<T> dx) {
    check_gradient(dy.size(), dx.size(), in, out, forward_batch_);
    forward_batch_ = 0;
    run_.backward(dy.data(), dx.empty() ? nullptr : dx.data());
  }

  /// All parameters and running statistics in PyTorch's layout; ranges() names the learned ones.
  std::span<T> parameters() { return run_.values(); }
  std::span<T const> gradients() const { return const_cast<executor&>(run_).gradients(); }
  std::span<parameter_range const> ranges() const { return learned; }
  void parameters_changed() {}

  std::uint64_t random_state() const { return random_state_; }
  void random_state(std::uint64_t state) { random_state_ = state; }
  long batches_tracked() const { return run_.batches_tracked; }
  void batches_tracked(long count) { run_.batches_tracked = count; }

  /// What node i of graph_of<Net> gave in the last pass, and the loss's gradient there; see layer_results.
  std::span<T const> output_of(int i) const { return run_.output_of(i); }
  std::span<T const> output_gradient_of(int i) const { return run_.output_gradient_of(i); }

  std::string first_non_finite_layer() {
    for (int i = 1; i < g.size && forward_batch_ > 0; ++i)
      if (!all_finite(run_.output_of(i))) return name_of(g.nodes[i].at);
    return {};
  }

  void read_parameter(int i, std::span<T> to) const { std::ranges::copy(values(i), to.begin()); }
  void read_gradient(int i, std::span<T> to) const {
    std::ranges::copy(gradients().subspan(executor::offset(i), table[i].size()), to.begin());
  }
  void write_parameter(int i, std::span<T const> from) { std::ranges::copy(from, values(i).begin()); }

 private:
  static constexpr auto& table = parameters_of<Net>;
  static constexpr auto learned = [] {
    constexpr auto count = std::ranges::count_if(table, [](parameter const& p) { return is_learned(p.kind); });
    std::array<parameter_range, count> all{};
    int n = 0;
    for (int i = 0; i < static_cast<int>(table.size()); ++i)
      if (is_learned(table[i].kind)) all[n++] = {executor::offset(i), table[i].size(), decays(table[i].kind), i};
    return all;
  }();

  std::span<T> values(int i) const {
    return const_cast<executor&>(run_).values().subspan(executor::offset(i), table[i].size());
  }

  int capacity_;
  executor run_;
  int forward_batch_ = 0;
  std::uint64_t random_state_;
};

}  // namespace laminate
