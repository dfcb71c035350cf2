// AnyModel<NetA, NetB, NetC>: a model whose network is chosen at run time, among types.
#pragma once

#include <concepts>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace laminate {

// An entry of AnyModel's list is a network, or a Model of one for another policy or processor.
template<class Net> struct model_for {
  static constexpr bool accepted = is_accepted<Net>;
  using type = Model<Net, Fused, float, kernels::default_arch, accepted>;
};
template<class Net, class Policy, class T, class Arch, bool Accepted>
struct model_for<Model<Net, Policy, T, Arch, Accepted>> {
  static constexpr bool accepted = Accepted;
  using type = Model<Net, Policy, T, Arch, Accepted>;
};

template<class... Nets> inline constexpr bool all_accepted = (model_for<Nets>::accepted && ...);

template<class... Nets> class AnyModel;

/// `AnyModel<ResNet20, ResNet32> model{which, seed, capacity}` has Model's interface over one of its
/// networks, number `which` of the list. A batch costs a few comparisons; everything inside is compiled for
/// its network.
template<class First, class... Others>
requires all_accepted<First, Others...>
class AnyModel<First, Others...>
    : public takes_tensors<AnyModel<First, Others...>, typename model_for<First>::type::scalar> {
  using first = typename model_for<First>::type;
  template<class Net> using other = typename model_for<Net>::type;

 public:
  using scalar = typename first::scalar;
  static constexpr shape in = first::in;
  /// Of the chosen network: others may tell more classes apart.
  shape out;
  static constexpr bool gives_features = first::out.is_features();
  static constexpr int count = 1 + sizeof...(Others);
  static_assert(((other<Others>::in == in) && ...), "all networks of an AnyModel take samples of one shape");
  static_assert(((other<Others>::out.is_features() == gives_features) && ...),
                "all networks of an AnyModel give features, or all give images");
  static_assert((std::same_as<typename other<Others>::scalar, scalar> && ...),
                "all models of an AnyModel compute in one scalar");

  using takes_tensors<AnyModel, scalar>::infer;
  using takes_tensors<AnyModel, scalar>::forward;
  using takes_tensors<AnyModel, scalar>::backward;

  /// The other arguments are Model's. Throws `error` unless which is one of 0..count − 1.
  explicit AnyModel(int which, std::uint64_t seed = 0, int capacity = 64, Init how = Init::automatic) : which_(which) {
    make(seed, capacity, how);
  }

  int which() const { return which_; }
  /// Calls use(model) with the Model itself, for what asks for its type: `summary`, `explain`, its network.
  template<class Use> decltype(auto) visit(Use&& use) { return visit_from(use); }
  template<class Use> decltype(auto) visit(Use&& use) const {
    return visit_from([&](auto& model) -> decltype(auto) { return use(std::as_const(model)); });
  }

  using input = std::span<scalar const>;
  using output = std::span<scalar>;
  void infer(input x, output y) {
    visit([&](auto& m) { m.infer(x, y); });
  }
  void forward(input x, output y) {
    visit([&](auto& m) { m.forward(x, y); });
  }
  void backward(input dy) { backward(dy, {}); }
  void backward(input dy, output dx) {
    visit([&](auto& m) { m.backward(dy, dx); });
  }

  int capacity() const {
    return visit([](auto& m) { return m.capacity(); });
  }
  int threads() const {
    return visit([](auto& m) { return m.threads(); });
  }
  void threads(int number) {
    visit([&](auto& m) { m.threads(number); });
  }

  output parameters() {
    return visit([](auto& m) { return m.parameters(); });
  }
  input gradients() const {
    return visit([](auto& m) { return m.gradients(); });
  }
  auto ranges() const {
    return visit([](auto& m) { return m.ranges(); });
  }
  void parameters_changed() {
    visit([](auto& m) { m.parameters_changed(); });
  }

  std::uint64_t random_state() const {
    return visit([](auto& m) { return m.random_state(); });
  }
  void random_state(std::uint64_t state) {
    visit([&](auto& m) { m.random_state(state); });
  }
  std::string first_non_finite_layer() {
    return visit([](auto& m) { return m.first_non_finite_layer(); });
  }
  long batches_tracked() const {
    return visit([](auto& m) { return m.batches_tracked(); });
  }
  void batches_tracked(long number) {
    visit([&](auto& m) { m.batches_tracked(number); });
  }

  void read_parameter(int i, output to) const {
    visit([&](auto& m) { m.read_parameter(i, to); });
  }
  void read_gradient(int i, output to) const {
    visit([&](auto& m) { m.read_gradient(i, to); });
  }
  void write_parameter(int i, input from) {
    visit([&](auto& m) { m.write_parameter(i, from); });
  }

 private:
  /// A pointer that is const gives a model that is not.
  template<int I = 0> decltype(auto) visit_from(auto&& use) const {
    if constexpr (I + 1 < count)
      if (which_ != I) return visit_from<I + 1>(use);
    return use(*std::get<I>(models_));
  }

  template<int I = 0> void make(std::uint64_t seed, int capacity, Init how) {
    if constexpr (I == count) {
      throw error("AnyModel",
                  "expected one of its " + std::to_string(count) + " networks, found number " + std::to_string(which_));
    } else if (which_ != I) {
      make<I + 1>(seed, capacity, how);
    } else {
      auto& model = std::get<I>(models_);
      model = std::make_unique<std::remove_reference_t<decltype(*model)>>(seed, capacity, how);
      out = model->out;
    }
  }

  int which_;
  // The one that is chosen is there. <variant> would take longer to compile, here and in what visits.
  std::tuple<std::unique_ptr<first>, std::unique_ptr<typename model_for<Others>::type>...> models_;
};

/// One of the list is refused.
template<class First, class... Others> class AnyModel<First, Others...> : public AnyModel<stand_in> {
 public:
  using AnyModel<stand_in>::AnyModel;
};

template<class... Nets> std::span<parameter const> table_of(AnyModel<Nets...> const& model) {
  return model.visit([](auto& m) { return table_of(m); });
}
template<class... Nets> std::span<graph_node const> nodes_of(AnyModel<Nets...> const& model) {
  return model.visit([](auto& m) { return nodes_of(m); });
}

}  // namespace laminate
