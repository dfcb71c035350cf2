// A model of any network as addresses and functions that know it: what judges and trains models is compiled once for a
// scalar, not once for a model. A batch costs one indirect call.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/model/batch.hpp>
#include <laminate/model/parameter_range.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/support/parallel.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace laminate {

/// What judging takes.
template<class T> struct inference_access {
  void* model;
  shape in, out;
  int capacity;  ///< 0: no limit
  void (*infer)(void* model, std::span<T const>, std::span<T>);
};

template<class Model, class T = typename Model::scalar> inference_access<T> access_inference(Model& model) {
  inference_access<T> access{
      .model = const_cast<std::remove_const_t<Model>*>(&model),
      .in = model.in,
      .out = model.out,
      .capacity = 0,
      .infer = [](void* m, std::span<T const> x, std::span<T> y) { static_cast<Model*>(m)->infer(x, y); }};
  if constexpr (requires { model.capacity(); }) access.capacity = model.capacity();
  return access;
}

/// What keeping where a training run stands takes. The model's buffers stay where they are meanwhile.
template<class T> struct stored_access {
  void* model;
  std::span<T> parameters;
  std::span<parameter_range const> ranges;
  void (*parameters_changed)(void* model);
  std::uint64_t (*random_state)(void const* model);
  void (*set_random_state)(void* model, std::uint64_t state);
  std::vector<named_tensor<T>> (*state_dict)(void const* model);
  std::vector<named_tensor<T>> (*named_gradients)(void const* model);
};

template<class Model, class T = typename Model::scalar> stored_access<T> access_stored(Model& model) {
  if constexpr (has_parameters<Model>)
    return {
        .model = &model,
        .parameters = model.parameters(),
        .ranges = model.ranges(),
        .parameters_changed = [](void* m) { static_cast<Model*>(m)->parameters_changed(); },
        .random_state = [](void const* m) { return static_cast<Model const*>(m)->random_state(); },
        .set_random_state = [](void* m, std::uint64_t state) { static_cast<Model*>(m)->random_state(state); },
        .state_dict = [](void const* m) { return state_dict(*static_cast<Model const*>(m)); },
        .named_gradients = [](void const* m) { return gradients(*static_cast<Model const*>(m)); },
    };
  else
    return {};
}

/// That, and what loading takes.
template<class T> struct loading_access : stored_access<T> {
  void (*load_state_dict)(void* model, std::vector<tensor_view<T>> const& dict);
};

template<class Model, class T = typename Model::scalar> loading_access<T> access_loading(Model& model) {
  return {access_stored(model),
          [](void* m, std::vector<tensor_view<T>> const& dict) { load_state_dict(*static_cast<Model*>(m), dict); }};
}

/// That, and what training takes.
template<class T> struct training_access : stored_access<T> {
  shape in, out;
  int capacity;
  std::span<T const> gradients;
  void (*forward)(void* model, std::span<T const> x, std::span<T> y);
  void (*backward)(void* model, std::span<T const> dy);
  std::string (*first_non_finite_layer)(void* model) = nullptr;
  int threads = 1;
};

template<class Model> consteval bool ask_to_learn() {
  using T = typename Model::scalar;
  constexpr bool can = requires(Model & model, std::span<T const> x, std::span<T> y) {
    model.forward(x, y);
    model.backward(x);
  };
  static_assert(can, "training takes a Model that is not const: a frozen one only infers");
  return can;
}

/// True, or one compiler error.
template<class Model> inline constexpr bool learns = ask_to_learn<Model>();

template<class Model, class T = typename Model::scalar> training_access<T> access_training(Model& model) {
  training_access<T> access{
      access_stored(model),
      model.in,
      model.out,
      model.capacity(),
      model.gradients(),
      [](void* m, std::span<T const> x, std::span<T> y) { static_cast<Model*>(m)->forward(x, y); },
      [](void* m, std::span<T const> dy) { static_cast<Model*>(m)->backward(dy); },
  };
  if constexpr (requires { model.first_non_finite_layer(); })
    access.first_non_finite_layer = [](void* m) { return static_cast<Model*>(m)->first_non_finite_layer(); };
  access.threads = threads_of(model);
  return access;
}

}  // namespace laminate
