// A network of Laminate and the same of libtorch go through one script, and what differs is named.
#pragma once

#include "laws/zoo.hpp"
#include "torch_names.hpp"
#include "torch_network.hpp"

#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <laminate/train/optimizer/adam.hpp>
#include <laminate/train/optimizer/adam_w.hpp>
#include <laminate/train/optimizer/sgd.hpp>

#include <functional>
#include <variant>

namespace conformance {

using namespace laminate;
using laws::dictionary;
using laws::numbers;
using laws::trace;

template<> inline constexpr torch_function in_torch<laws::Mish>{"mish"};
template<> inline constexpr torch_function in_torch<laws::Wave>{"wave"};

using rule = std::variant<SGD, Adam, AdamW>;
torch_rule in_torch_terms(rule const& r);

/// Something to change in torch's rule, for tests of the test.
using alteration = std::function<void(torch_rule&)>;

/// A specimen that also learns: one batch and one step of a rule, answered with the loss before it.
struct learner {
  virtual ~learner() = default;
  virtual laws::specimen& model() = 0;
  virtual void optimise(rule const& r) = 0;
  virtual double learn(numbers const& x, std::vector<int> const& labels) = 0;
};

/// What an optimiser asks of a model, so that it is compiled for none in particular.
template<class T> struct parameters_in_order {
  std::function<std::span<T>()> values;
  std::function<std::span<T const>()> slopes;
  std::span<parameter_range const> all;
  std::function<void()> parameters_changed;

  std::span<T> parameters() const { return values(); }
  std::span<T const> gradients() const { return slopes(); }
  std::span<parameter_range const> ranges() const { return all; }
};

template<class T> class own_learner : public learner {
 public:
  own_learner(std::unique_ptr<laws::specimen> own, parameters_in_order<T> parameters)
      : own_(std::move(own)), parameters_(std::move(parameters)) {}
  laws::specimen& model() override { return *own_; }
  void optimise(rule const& r) override {
    step_ = std::visit(
        [&]<class Rule>(Rule const& settings) -> std::function<void()> {
          auto const made = std::make_shared<optimizer<Rule, T>>(settings, parameters_);
          return [this, made] { made->step(parameters_); };
        },
        r);
  }
  double learn(numbers const& x, std::vector<int> const& labels) override {
    auto const y = laws::to<T>(own_->forward(x));
    std::vector<T> dy(y.size());
    batch_loss const loss =
        SoftmaxCrossEntropy{}(std::span<T const>(y), std::span<int const>(labels), std::span<T>(dy));
    own_->backward(laws::to<double>(dy));
    step_();
    return loss.mean;
  }

 private:
  std::unique_ptr<laws::specimen> own_;
  parameters_in_order<T> parameters_;
  std::function<void()> step_;
};

/// A declaration, its graph in torch's terms, and how to make a model of it.
struct declaration {
  std::string name;
  std::span<graph_node const> nodes;
  std::vector<torch_function> functions;
  std::unique_ptr<learner> (*make)();
  bool precise;
  bool learns = true;  ///< ten steps of every rule are compared as well
};

template<class Net, class Policy, class T> std::unique_ptr<learner> make_learner() {
  using model = Model<Net, Policy, T>;
  auto own = std::make_unique<laws::specimen_of<model>>(1, laws::largest_batch);
  model& m = own->model;
  return std::make_unique<own_learner<T>>(
      std::move(own),
      parameters_in_order<T>{[&m] { return m.parameters(); }, [&m] { return std::as_const(m).gradients(); }, m.ranges(),
                             [&m] { m.parameters_changed(); }});
}

template<class Net, class Policy = Reference, class T = double> declaration declaration_of() {
  static constexpr auto& g = graph_of<Net>;
  auto const words = boost::hana::unpack(leaves<Net>, [](auto... types) {
    return std::vector<torch_function>{in_torch<typename decltype(types)::type>...};
  });
  declaration made{laws::spelled<Net>(),
                   {g.nodes, static_cast<std::size_t>(g.size)},
                   {},
                   make_learner<Net, Policy, T>,
                   std::is_same_v<T, double>};
  for (int n = 0; n < g.size; ++n) made.functions.push_back(words[g.nodes[n].leaf]);
  return made;
}

/// Networks of consecutive seeds from one table of laws/generated.hpp.
template<class Table, int First, int Count, int... Channels, class Policy = Reference, class T = double>
std::vector<declaration> generate(Policy = {}, T = {}) {
  return []<int... I>(std::integer_sequence<int, I...>) {
    return std::vector{declaration_of<laws::generated<Table, First + I, Channels...>, Policy, T>()...};
  }
  (std::make_integer_sequence<int, Count>{});
}

/// torch's network of a declaration, with first values of torch's own.
std::unique_ptr<learner> make_torch_learner(declaration const& declared, alteration alter = {});

/// The law: what differs from torch in inference, training, gradients, statistics and ten steps of every
/// rule; "" where nothing does.
std::string broken_conformance(declaration const& declared, double tolerance, alteration const& alter = {});
inline std::string broken_conformance(std::vector<declaration> const& all, double tolerance) {
  std::string broken;
  for (auto const& declared : all) broken += broken_conformance(declared, tolerance);
  return broken;
}

/// What plain loops and fused kernels, both in double, give otherwise than libtorch in inference and one step of
/// training. (In ten steps fifty layers make of a rounding error a number.)
template<class... Nets> std::string broken_in_double() {
  std::string broken;
  for (declaration declared : {declaration_of<Nets>()..., declaration_of<Nets, Fused, double>()...}) {
    declared.learns = false;
    broken += broken_conformance(declared, 1e-9);
  }
  return broken;
}

}  // namespace conformance
