// CompiledModel<Net>: a model whose kernels are in object files of their own, for one of several architectures.
#pragma once

#include <cstdint>
#include <laminate/graph/refuse.hpp>
#include <laminate/model/initialize.hpp>
#include <laminate/model/parameter_range.hpp>
#include <laminate/model/stand_in.hpp>
#include <laminate/model/tensors.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/processor.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace laminate {

/// Model's interface without its kernels: what `make_NAME` of laminate_add_model(NAME …) returns. `fit`, `evaluate`,
/// `save`, `load` and `state_dict` take it as they take a Model; its methods are described there. A batch costs one
/// virtual call. The program that includes this compiles no kernel, and none of its code is compiled for a processor
/// that it may not run on. An optimiser's steps are the program's own, compiled for its -march.
template<class Net, class T = float> class CompiledModel : public takes_tensors<CompiledModel<Net, T>, T> {
 public:
  using scalar = T;
  using network = std::conditional_t<is_accepted<Net>, Net, stand_in>;
  static constexpr shape in = graph_of<network>.nodes[0].out;
  static constexpr shape out = graph_of<network>.output().out;

  using takes_tensors<CompiledModel, T>::infer;
  using takes_tensors<CompiledModel, T>::forward;
  using takes_tensors<CompiledModel, T>::backward;

  CompiledModel() = default;
  CompiledModel(CompiledModel const&) = delete;
  virtual ~CompiledModel() = default;

  /// "x86-64-v3": what its kernels are compiled for.
  virtual std::string_view architecture() const = 0;

  virtual int capacity() const = 0;
  virtual int threads() const = 0;
  virtual void threads(int count) = 0;

  virtual void infer(std::span<T const> x, std::span<T> y) = 0;
  virtual void forward(std::span<T const> x, std::span<T> y) = 0;
  virtual void backward(std::span<T const> dy, std::span<T> dx) = 0;
  void backward(std::span<T const> dy) { backward(dy, {}); }

  virtual std::span<T> parameters() = 0;
  virtual std::span<T const> parameters() const = 0;
  virtual std::span<T const> gradients() const = 0;
  virtual std::span<parameter_range const> ranges() const = 0;
  virtual void parameters_changed() = 0;

  virtual std::uint64_t random_state() const = 0;
  virtual void random_state(std::uint64_t state) = 0;
  virtual long batches_tracked() const = 0;
  virtual void batches_tracked(long count) = 0;

  virtual void read_parameter(int i, std::span<T> to) const = 0;
  virtual void read_gradient(int i, std::span<T> to) const = 0;
  virtual void write_parameter(int i, std::span<T const> from) = 0;
  virtual std::string first_non_finite_layer() = 0;
};

/// What `make_NAME` may be told.
struct compiled_options {
  std::string_view architecture = {};  ///< one of those compiled; empty: the best that the processor has
  std::uint64_t seed = 0;              ///< as Model's
  int capacity = 64;
  Init how = Init::automatic;
};

/// One architecture's object file: what it is compiled for, and its only function that others see.
template<class Net, class T> struct compiled_choice {
  std::string_view architecture;
  CompiledModel<Net, T>* (*make)(compiled_options const&);
};

/// The first of `choices` that the processor has, or the one asked for. Throws `error`, with `name` and the
/// architecture in it, where that is not compiled, or not to be had from this processor.
template<class Net, class T>
std::unique_ptr<CompiledModel<Net, T>> make_compiled(std::string const& name,
                                                     std::span<compiled_choice<Net, T> const> choices,
                                                     compiled_options const& options) {
  std::string all;
  for (auto const& choice : choices) {
    all += (all.empty() ? "" : ", ") + std::string(choice.architecture);
    if (!options.architecture.empty() && choice.architecture != options.architecture) continue;
    if (processor_has(choice.architecture)) return std::unique_ptr<CompiledModel<Net, T>>(choice.make(options));
    if (!options.architecture.empty()) throw error(name, "this processor is no " + std::string(options.architecture));
  }
  if (options.architecture.empty()) throw error(name, "expected a processor that is one of " + all + ", found none");
  throw error(name,
              "expected one of " + all + ", which it is compiled for, found " + std::string(options.architecture));
}

}  // namespace laminate
