// Activation<f>: an activation function by its formula. Everything else about it is derived while compiling.
#pragma once

#include <laminate/describe/word.hpp>
#include <laminate/expression/derive.hpp>
#include <laminate/expression/evaluate.hpp>

namespace laminate {

template<class> using trial_for = expression::trial;

/// Whether A::value maps an expression to an expression: value(x), or value(x, a) with a learned parameter. It is tried
/// with what can be mistaken for a number first: a compiler reports each error inside a generic lambda, however it is
/// asked.
template<class A, class... Symbols>
concept FormulaOf = requires {
  { A::value(trial_for<Symbols>{}...) } -> expression::Expression;
  typename std::bool_constant<(static_cast<void>(A::value(trial_for<Symbols>{}...)), true)>;
}
&&requires {
  { A::value(Symbols{}...) } -> expression::Expression;
};

// A rough price of an expression in vector operations, for the plan's choice between keeping and recomputing.
template<class E> constexpr int cost_of(E) { return 0; }
template<class Op, class A, class B> constexpr int cost_of(expression::applied<Op, A, B> e) {
  if constexpr (std::is_void_v<B>)
    return cost_of(e.a) + (std::same_as<Op, expression::negation> ? 1 : 12);
  else
    return cost_of(e.a) + cost_of(e.b) + (std::same_as<Op, expression::quotient> ? 8 : 1);
}
template<class C, class A, class B> constexpr int cost_of(expression::choice<C, A, B> e) {
  return cost_of(e.then) + cost_of(e.otherwise) + 2;
}

/// What an activation's own type may state; only `value` is required.
///   value(x) or value(x, a)  the formula
///   slope(x) or slope(x, a)  f′, where a closed form is better than the derived one
///   slope_of_output(y)       f′ from the function's value
///   rectifies                true for the ReLU family
///   monotone                 true where x ≤ y means f(x) ≤ f(y): before a max pool it can as well run after it
///   initial                  first value of the learned parameter a
///   per_channel              a parameter per channel instead of one for the layer
template<class A> struct mathematics {
  static constexpr expression::argument x{};
  static constexpr expression::parameter a{};
  static constexpr bool learned = FormulaOf<A, expression::argument, expression::parameter>;
  static constexpr bool is_formula = learned || FormulaOf<A, expression::argument>;

  static constexpr auto value() {
    if constexpr (learned)
      return expression::lift(A::value(x, a));
    else
      return expression::lift(A::value(x));
  }
  static constexpr auto slope() {
    if constexpr (learned && requires { A::slope(x, a); })
      return expression::lift(A::slope(x, a));
    else if constexpr (!learned && requires { A::slope(x); })
      return expression::lift(A::slope(x));
    else
      return derive(value(), x);
  }
  static constexpr auto slope_of_parameter() { return derive(value(), a); }
  static constexpr auto slope_of_output() { return expression::lift(A::slope_of_output(x)); }

  static constexpr facts about() {
    facts f{.acts_as = role::activation, .output = same_shape, .refuses = accepts_anything};
    if constexpr (!is_formula)
      f.misuse = problem::an_activation_must_be_an_expression_of_its_argument;
    else
      f.activation = {.learned = learned, .cost = cost_of(value())};
    if constexpr (requires { A::rectifies; }) f.activation.rectifies = A::rectifies;
    if constexpr (requires { A::monotone; }) f.activation.monotone = A::monotone && !learned;
    if constexpr (requires { A::slope_of_output(x); }) f.activation.slope_of_output = true;
    if constexpr (requires { A::initial; }) f.activation.initial = A::initial;
    if constexpr (requires { A::per_channel; }) f.activation.per_channel = A::per_channel;
    return f;
  }
};

/// An activation function from a formula: `using Mish = Activation<[](auto x) { return x * tanh(log(1 + exp(x))); }>;`
/// Its derivative is found symbolically while compiling, and it fuses like the built-in ones.
template<auto F> struct Activation : word {
  static constexpr auto value = F;
  static constexpr facts about = mathematics<Activation>::about();
};

}  // namespace laminate
