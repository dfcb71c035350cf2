// The other side of CompiledModel: a Model behind its interface, in an object file that laminate_add_model compiles.
#pragma once

#include <laminate/model/compiled_model.hpp>
#include <laminate/model/model.hpp>

namespace laminate {

/// A Model as a CompiledModel, with the kernels of the architecture that this translation unit is compiled for.
template<class Net, class Policy, class T> class compiled_here final : public CompiledModel<Net, T> {
 public:
  compiled_here(std::string_view architecture, compiled_options const& options)
      : architecture_(architecture), model_(options.seed, options.capacity, options.how) {}

  std::string_view architecture() const override { return architecture_; }

  int capacity() const override { return model_.capacity(); }
  int threads() const override { return model_.threads(); }
  void threads(int count) override { model_.threads(count); }

  void infer(std::span<T const> x, std::span<T> y) override { model_.infer(x, y); }
  void forward(std::span<T const> x, std::span<T> y) override { model_.forward(x, y); }
  void backward(std::span<T const> dy, std::span<T> dx) override { model_.backward(dy, dx); }

  std::span<T> parameters() override { return model_.parameters(); }
  std::span<T const> parameters() const override { return model_.parameters(); }
  std::span<T const> gradients() const override { return model_.gradients(); }
  std::span<parameter_range const> ranges() const override { return model_.ranges(); }
  void parameters_changed() override { model_.parameters_changed(); }

  std::uint64_t random_state() const override { return model_.random_state(); }
  void random_state(std::uint64_t state) override { model_.random_state(state); }
  long batches_tracked() const override { return model_.batches_tracked(); }
  void batches_tracked(long count) override { model_.batches_tracked(count); }

  void read_parameter(int i, std::span<T> to) const override { model_.read_parameter(i, to); }
  void read_gradient(int i, std::span<T> to) const override { model_.read_gradient(i, to); }
  void write_parameter(int i, std::span<T const> from) override { model_.write_parameter(i, from); }
  std::string first_non_finite_layer() override { return model_.first_non_finite_layer(); }

 private:
  std::string_view architecture_;
  Model<Net, Policy, T> model_;
};

}  // namespace laminate
