// What pointwise expressions are made of: each operation with its value over any number or SIMD batch.
#pragma once

#include <cmath>
#include <laminate/expression/symbol.hpp>
#include <xsimd/xsimd.hpp>

namespace laminate::expression {

/// One operation applied to sub-expressions. `Operation::of(values...)` computes it.
template<class Operation, class A, class B = void> struct applied : node {
  [[no_unique_address]] A a;
  [[no_unique_address]] B b;
  constexpr applied(A first, B second) : a(first), b(second) {}
};
template<class Operation, class A> struct applied<Operation, A, void> : node {
  [[no_unique_address]] A a;
  explicit constexpr applied(A first) : a(first) {}
};

/// `where(left < right, then, otherwise)`. It is no expression itself: it has no value to calculate with. An `if` asks
/// for it, which ends a trial.
template<class L, class R> struct less {
  [[no_unique_address]] L left;
  [[no_unique_address]] R right;
  constexpr less(L l, R r) : left(l), right(r) {}
  operator bool() const requires is_tried<L, R> { return false; }
};
template<class L, class R> inline constexpr bool is_tried<less<L, R>> = is_tried<L, R>;
template<class Condition, class A, class B> struct choice : node {
  [[no_unique_address]] Condition condition;
  [[no_unique_address]] A then;
  [[no_unique_address]] B otherwise;
  constexpr choice(Condition c, A a, B b) : condition(c), then(a), otherwise(b) {}
};

// clang-format off
struct sum { static auto of(auto const& a, auto const& b) { return a + b; } };
struct difference { static auto of(auto const& a, auto const& b) { return a - b; } };
struct product { static auto of(auto const& a, auto const& b) { return a * b; } };
struct quotient { static auto of(auto const& a, auto const& b) { return a / b; } };
struct negation { static auto of(auto const& a) { return -a; } };
struct exponential { static auto of(auto const& a) { using std::exp, xsimd::exp; return exp(a); } };
struct logarithm { static auto of(auto const& a) { using std::log, xsimd::log; return log(a); } };
struct logarithm_1p { static auto of(auto const& a) { using std::log1p, xsimd::log1p; return log1p(a); } };
struct square_root { static auto of(auto const& a) { using std::sqrt, xsimd::sqrt; return sqrt(a); } };
struct hyperbolic_tangent { static auto of(auto const& a) { using std::tanh, xsimd::tanh; return tanh(a); } };
struct arc_tangent { static auto of(auto const& a) { using std::atan, xsimd::atan; return atan(a); } };
struct error_function { static auto of(auto const& a) { using std::erf, xsimd::erf; return erf(a); } };
struct absolute { static auto of(auto const& a) { using std::abs, xsimd::abs; return abs(a); } };
struct sine { static auto of(auto const& a) { using std::sin, xsimd::sin; return sin(a); } };
struct cosine { static auto of(auto const& a) { using std::cos, xsimd::cos; return cos(a); } };
// clang-format on

template<class Operation, class A, class... B> constexpr auto apply(A a, B... b) {
  if constexpr (is_tried<A, B...>)
    return trial{};
  else
    return applied<Operation, A, B...>(a, b...);
}

// Sums and products with 0 and 1 vanish here, so that derivatives stay small.
constexpr auto plus(Expression auto a, Expression auto b) { return apply<sum>(a, b); }
constexpr auto plus(zero, Expression auto b) { return b; }
constexpr auto plus(Expression auto a, zero) { return a; }
constexpr auto plus(zero, zero) { return zero{}; }

constexpr auto negative(Expression auto a) { return apply<negation>(a); }
constexpr auto negative(zero) { return zero{}; }
template<class A> constexpr auto negative(applied<negation, A> e) { return e.a; }

constexpr auto minus(Expression auto a, Expression auto b) { return apply<difference>(a, b); }
constexpr auto minus(zero, Expression auto b) { return negative(b); }
constexpr auto minus(Expression auto a, zero) { return a; }
constexpr auto minus(zero, zero) { return zero{}; }

constexpr auto times(Expression auto a, Expression auto b) { return apply<product>(a, b); }
template<Expression E> constexpr auto times(zero, E) { return zero{}; }
template<Expression E>
requires(!std::same_as<E, zero>) constexpr auto times(E, zero) { return zero{}; }
template<Expression E>
requires(!std::same_as<E, zero>) constexpr auto times(one, E b) { return b; }
template<Expression E>
requires(!std::same_as<E, zero> && !std::same_as<E, one>) constexpr auto times(E a, one) { return a; }

constexpr auto over(Expression auto a, Expression auto b) { return apply<quotient>(a, b); }
template<Expression E> constexpr auto over(zero, E) { return zero{}; }

template<class C, Expression A, Expression B> constexpr auto choose(C c, A a, B b) {
  if constexpr (is_tried<C> || is_tried<A, B>)
    return trial{};
  else
    return choice<C, A, B>(c, a, b);
}
template<class C> constexpr auto choose(C, zero, zero) { return zero{}; }

// What a formula is written with.
template<class A, class B>
concept Operands = Operand<A> && Operand<B> &&(Expression<A> || Expression<B>);

template<class A, class B>
requires Operands<A, B>
constexpr auto operator+(A a, B b) { return plus(lift(a), lift(b)); }
template<class A, class B>
requires Operands<A, B>
constexpr auto operator-(A a, B b) { return minus(lift(a), lift(b)); }
template<class A, class B>
requires Operands<A, B>
constexpr auto operator*(A a, B b) { return times(lift(a), lift(b)); }
template<class A, class B>
requires Operands<A, B>
constexpr auto operator/(A a, B b) { return over(lift(a), lift(b)); }
constexpr auto operator-(Expression auto a) { return negative(a); }
constexpr auto operator+(Expression auto a) { return a; }

template<class A, class B>
requires Operands<A, B>
constexpr auto operator<(A a, B b) { return less(lift(a), lift(b)); }
template<class A, class B>
requires Operands<A, B>
constexpr auto operator>(A a, B b) { return less(lift(b), lift(a)); }

/// Element-wise choice. At a kink the slope of the branch taken counts.
template<class L, class R, Operand A, Operand B> constexpr auto where(less<L, R> condition, A then, B otherwise) {
  return choose(condition, lift(then), lift(otherwise));
}
template<class A, class B>
requires Operands<A, B>
constexpr auto max(A a, B b) { return where(a < b, b, a); }
template<class A, class B>
requires Operands<A, B>
constexpr auto min(A a, B b) { return where(b < a, b, a); }

constexpr auto exp(Expression auto a) { return apply<exponential>(a); }
constexpr auto log(Expression auto a) { return apply<logarithm>(a); }
constexpr auto log1p(Expression auto a) { return apply<logarithm_1p>(a); }
constexpr auto sqrt(Expression auto a) { return apply<square_root>(a); }
constexpr auto tanh(Expression auto a) { return apply<hyperbolic_tangent>(a); }
constexpr auto atan(Expression auto a) { return apply<arc_tangent>(a); }
constexpr auto erf(Expression auto a) { return apply<error_function>(a); }
constexpr auto abs(Expression auto a) { return apply<absolute>(a); }
constexpr auto sin(Expression auto a) { return apply<sine>(a); }
constexpr auto cos(Expression auto a) { return apply<cosine>(a); }

}  // namespace laminate::expression
