// freeze(model): a copy of a trained network that only infers, with everything prepared that training would change.
#pragma once

#include <laminate/model/batch.hpp>
#include <laminate/model/folded_parameters.hpp>
#include <laminate/model/grouped_inference.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/state_dict.hpp>
#include <limits>

namespace laminate {

/// A network's inference alone, on parameters of its own. Normalisations right behind a convolution or dense layer are
/// part of its weights and bias, other ones are a scale and a shift; weights lie as the kernels read them, in
/// Winograd's domain where that is where they are used. There are no gradients. A batch may have any size, as memory
/// does not grow with it. It serves one caller at a time.
template<class Net, class Policy = Fused, class T = float, class Arch = kernels::default_arch>
class InferenceModel : takes_tensors<InferenceModel<Net, Policy, T, Arch>, T> {
  static constexpr auto& g = graph_of<Net>;
  using straight = straight_inference<Net, Policy, T, Arch>;
  friend takes_tensors<InferenceModel, T>;

 public:
  using scalar = T;
  using network = Net;
  using policy = Policy;
  static constexpr shape in = g.nodes[0].out;
  static constexpr shape out = g.output().out;

  static constexpr memory::inference_footprint bytes = memory::footprint_of<Net, Policy, pass::folded>(sizeof(T));
  /// Samples that go through the network together.
  static constexpr int together = images_together(bytes);

  using takes_tensors<InferenceModel, T>::infer;

  /// Takes the parameters of any model of this network, which is not changed and not needed afterwards.
  template<class Trained>
  explicit InferenceModel(Trained const& model)
      : parameters_(g.all(), plan, codes(), access_tensors(model)), running_(g.all(), plan, together) {
    threads(default_threads());
  }

  int threads() const { return running_.threads(); }
  /// Results do not depend on it. Takes memory, an arena for each.
  void threads(int count) { running_.threads(count); }

  /// y = the network's output with the statistics and weights as they were when frozen. x: N samples, y: N outputs; N
  /// is any number.
  void infer(std::span<T const> x, std::span<T> y) {
    int const all = checked_batch(x.size(), y.size(), in, out, std::numeric_limits<int>::max());
    if constexpr (straight::fits)
      straight::infer(parameters_.memory(), x.data(), y.data(), all, threads(), run_on_threads);
    else
      running_.infer(codes(), parameters_.memory(), x.data(), y.data(), all);
  }

  /// Bytes of the arenas of all threads.
  std::size_t arena_bytes() const { return running_.arena_bytes(); }
  /// Bytes of weights and numbers per channel.
  std::size_t parameter_bytes() const { return parameters_.bytes(); }

 private:
  static constexpr auto& plan = running<Net, Policy, pass::folded>;
  /// Of its steps; null where there are none to run.
  static kernels::step_code<T> const* const* codes() {
    if constexpr (straight::fits)
      return nullptr;
    else
      return sequence<Net, Policy, pass::folded, T, Arch>::codes.data();
  }

  folded_parameters<T, Arch> parameters_;
  grouped_inference<T> running_;
};

/// `auto frozen = freeze(model)` for a model of any policy; Reference is frozen as Fused.
template<class Net, class Policy, class T, class Arch> auto freeze(Model<Net, Policy, T, Arch, true> const& model) {
  using planned = std::conditional_t<std::is_same_v<Policy, Reference>, Fused, Policy>;
  return InferenceModel<Net, planned, T, Arch>(model);
}

/// Refused: what stands in for the model is frozen.
template<class Net, class Policy, class T, class Arch> auto freeze(Model<Net, Policy, T, Arch, false> const& model) {
  return freeze(static_cast<stand_in_model<Policy, T, Arch> const&>(model));
}

}  // namespace laminate
