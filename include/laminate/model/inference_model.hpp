// freeze(model): a copy of a trained network that only infers, with everything prepared that training would change.
#pragma once

#include <laminate/memory/images_together.hpp>
#include <laminate/model/batch.hpp>
#include <laminate/model/folded_parameters.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/plan.hpp>
#include <laminate/model/straight_inference.hpp>
#include <limits>

namespace laminate {

/// A network's inference alone, on parameters of its own. Normalisations right behind a convolution or dense layer are
/// part of its weights and bias, other ones are a scale and a shift; weights lie as the kernels read them, in
/// Winograd's domain where that is where they are used. There are no gradients. A few images at a time go through the
/// whole network (`together`), so that memory does not grow with the batch, which may have any size; threads take
/// groups.
template<class Net, class Policy = Fused, class T = float, class Arch = kernels::default_arch>
class InferenceModel : takes_tensors<InferenceModel<Net, Policy, T, Arch>, T> {
  static constexpr auto& g = graph_of<Net>;
  using running = sequence<Net, Policy, pass::folded, T, Arch>;
  using parameters = folded_parameters<Net, Policy, T, Arch>;
  using straight = straight_inference<Net, Policy, T, Arch>;
  friend takes_tensors<InferenceModel, T>;

 public:
  using scalar = T;
  using network = Net;
  using policy = Policy;
  static constexpr shape in = g.nodes[0].out;
  static constexpr shape out = g.output().out;

  static constexpr inference_bytes bytes{
      .arena = static_cast<double>(running::plan.arena * sizeof(T)),
      .moved = static_cast<double>(moved_by<Net, Policy, pass::folded>) / sizeof(float) * sizeof(T),
      .weights = static_cast<double>(parameters::weights * sizeof(T))};
  /// Samples that go through the network together.
  static constexpr int together = images_together(bytes);

  using takes_tensors<InferenceModel, T>::infer;

  /// Takes the parameters of any model of this network, which is not changed and not needed afterwards.
  template<class Trained> explicit InferenceModel(Trained const& model) : parameters_(model) {
    threads(default_threads());
  }

  int threads() const { return threads_; }
  /// Results do not depend on it. Takes memory, an arena for each.
  void threads(int count) {
    threads_ = std::max(1, count);
    arenas_ = aligned_buffer<T>(static_cast<std::size_t>(arena_size) * threads_);
    scratch_ = aligned_buffer<T>(static_cast<std::size_t>(scratch_size) * threads_);
  }

  /// y = the network's output with the statistics and weights as they were when frozen. x: N samples, y: N outputs; N
  /// is any number.
  void infer(std::span<T const> x, std::span<T> y) {
    int const all = checked_batch(x.size(), y.size(), in, out, std::numeric_limits<int>::max());
    if constexpr (straight::fits) {
      straight::infer(parameters_.memory(), x.data(), y.data(), all, threads_);
    } else {
      if (all == 1) return infer_group(0, 1, 0, threads_, x.data(), y.data());
      int const most = std::min(together, (all + threads_ - 1) / threads_);
      parallel_for((all + most - 1) / most, threads_, [&](int group, int thread) {
        int const first = group * most;
        infer_group(first, std::min(most, all - first), thread, 1, x.data(), y.data());
      });
    }
  }

  /// Bytes of the arenas of all threads.
  std::size_t arena_bytes() const { return static_cast<std::size_t>(arena_size) * threads_ * sizeof(T); }
  /// Bytes of weights and numbers per channel.
  std::size_t parameter_bytes() const { return parameters_.bytes(); }

 private:
  static constexpr long arena_size = static_cast<long>(running::plan.arena) * together;
  static constexpr long scratch_size = aligned(running::plan.scratch);

  // On arena `at`, with the scratch of `threads` threads from there on.
  void infer_group(int first, int samples, int at, int threads, T const* x, T* y) {
    kernels::run_state<T> const state{.batch = samples,
                                      .capacity = together,
                                      .threads = threads,
                                      .nodes = g.all(),
                                      .memory = parameters_.memory(),
                                      .tensors = running::plan.tensors,
                                      .arena = arenas_.data() + at * arena_size,
                                      .scratch = scratch_.data() + at * scratch_size,
                                      .scratch_size = scratch_size};
    auto const part = [&](auto* all, shape one) {
      auto const size = static_cast<std::size_t>(one.size());
      return std::span(all + first * size, samples * size);
    };
    import_tensor<T>(state, running::plan.input, part(x, in));
    running::forward(state);
    export_tensor<T>(state, running::plan.output, part(y, out));
  }

  parameters parameters_;
  int threads_ = 1;
  aligned_buffer<T> arenas_, scratch_;
};

/// `auto const frozen = freeze(model)` for a model of any policy; Reference is frozen as Fused.
template<class Net, class Policy, class T, class Arch> auto freeze(Model<Net, Policy, T, Arch, true> const& model) {
  using planned = std::conditional_t<std::is_same_v<Policy, Reference>, Fused, Policy>;
  return InferenceModel<Net, planned, T, Arch>(model);
}

/// A refused declaration has been reported: what stands in for its model is frozen.
template<class Net, class Policy, class T, class Arch> auto freeze(Model<Net, Policy, T, Arch, false> const& model) {
  return freeze(static_cast<Model<Network<Features<1>, Dense<1>>, Policy, T, Arch> const&>(model));
}

}  // namespace laminate
