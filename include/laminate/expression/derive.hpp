// The symbolic derivative of a pointwise expression, taken while compiling.
#pragma once

#include <laminate/expression/operations.hpp>
#include <numbers>

namespace laminate::expression {

// d e / d With, With being `argument` or `parameter`. Rules: any calculus text; erf' = 2/√π · exp(−x²).
template<class With> constexpr auto derive(constant, With) { return zero{}; }
template<class With> constexpr auto derive(zero, With) { return zero{}; }
template<class With> constexpr auto derive(one, With) { return zero{}; }
template<class With> constexpr auto derive(argument, With) {
  if constexpr (std::same_as<With, argument>)
    return one{};
  else
    return zero{};
}
template<class With> constexpr auto derive(parameter, With) {
  if constexpr (std::same_as<With, parameter>)
    return one{};
  else
    return zero{};
}

// The outer derivative of each function of one argument, e being the application itself where that is shorter.
template<class A> constexpr auto outer(applied<negation, A>) { return -1 * one{}; }
template<class A> constexpr auto outer(applied<exponential, A> e) { return e; }
template<class A> constexpr auto outer(applied<logarithm, A> e) { return over(one{}, e.a); }
template<class A> constexpr auto outer(applied<logarithm_1p, A> e) { return over(one{}, plus(one{}, e.a)); }
template<class A> constexpr auto outer(applied<square_root, A> e) { return 0.5 / e; }
template<class A> constexpr auto outer(applied<hyperbolic_tangent, A> e) { return 1 - e * e; }
template<class A> constexpr auto outer(applied<arc_tangent, A> e) { return over(one{}, e.a * e.a + 1); }
template<class A> constexpr auto outer(applied<error_function, A> e) {
  return 2 * std::numbers::inv_sqrtpi * exp(-(e.a * e.a));
}
template<class A> constexpr auto outer(applied<absolute, A> e) { return where(e.a < 0, -1, 1); }
template<class A> constexpr auto outer(applied<sine, A> e) { return cos(e.a); }
template<class A> constexpr auto outer(applied<cosine, A> e) { return -sin(e.a); }

template<class C, class A, class B, class With> constexpr auto derive(choice<C, A, B> e, With with);

template<class Op, class A, class B, class With> constexpr auto derive(applied<Op, A, B> e, With with) {
  if constexpr (std::is_void_v<B>) {
    auto const inner = derive(e.a, with);
    if constexpr (std::same_as<decltype(inner), zero const>)
      return zero{};
    else if constexpr (std::same_as<Op, negation>)
      return negative(inner);
    else
      return times(outer(e), inner);
  } else {
    auto const a = derive(e.a, with);
    auto const b = derive(e.b, with);
    if constexpr (std::same_as<Op, sum>)
      return plus(a, b);
    else if constexpr (std::same_as<Op, difference>)
      return minus(a, b);
    else if constexpr (std::same_as<Op, product>)
      return plus(times(a, e.b), times(e.a, b));
    else
      return over(minus(times(a, e.b), times(e.a, b)), e.b * e.b);
  }
}

template<class C, class A, class B, class With> constexpr auto derive(choice<C, A, B> e, With with) {
  return choose(e.condition, derive(e.then, with), derive(e.otherwise, with));
}

}  // namespace laminate::expression
