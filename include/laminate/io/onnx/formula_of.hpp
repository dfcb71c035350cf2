// formula_of(expression): from the type of a pointwise expression to a value.
#pragma once

#include <laminate/expression/operations.hpp>
#include <laminate/io/onnx/formula.hpp>

#include <string_view>
#include <type_traits>

namespace laminate {

/// What ONNX calls an operation of expression/operations.hpp; empty where it has none.
template<class Operation> inline constexpr std::string_view onnx_operation = "";
template<> inline constexpr std::string_view onnx_operation<expression::sum> = "Add";
template<> inline constexpr std::string_view onnx_operation<expression::difference> = "Sub";
template<> inline constexpr std::string_view onnx_operation<expression::product> = "Mul";
template<> inline constexpr std::string_view onnx_operation<expression::quotient> = "Div";
template<> inline constexpr std::string_view onnx_operation<expression::negation> = "Neg";
template<> inline constexpr std::string_view onnx_operation<expression::exponential> = "Exp";
template<> inline constexpr std::string_view onnx_operation<expression::logarithm> = "Log";
template<> inline constexpr std::string_view onnx_operation<expression::logarithm_1p> = "Log1p";
template<> inline constexpr std::string_view onnx_operation<expression::square_root> = "Sqrt";
template<> inline constexpr std::string_view onnx_operation<expression::hyperbolic_tangent> = "Tanh";
template<> inline constexpr std::string_view onnx_operation<expression::arc_tangent> = "Atan";
template<> inline constexpr std::string_view onnx_operation<expression::error_function> = "Erf";
template<> inline constexpr std::string_view onnx_operation<expression::absolute> = "Abs";
template<> inline constexpr std::string_view onnx_operation<expression::sine> = "Sin";
template<> inline constexpr std::string_view onnx_operation<expression::cosine> = "Cos";

namespace detail {

inline int append(formula& f, expression::argument) { return f.argument(); }
inline int append(formula& f, expression::parameter) { return f.parameter(); }
inline int append(formula& f, expression::zero) { return f.number(0); }
inline int append(formula& f, expression::one) { return f.number(1); }
inline int append(formula& f, expression::constant c) { return f.number(c.value); }
template<class C, class A, class B> int append(formula& f, expression::choice<C, A, B> const& e);

template<class Operation, class A, class B> int append(formula& f, expression::applied<Operation, A, B> const& e) {
  int const a = append(f, e.a);
  if constexpr (std::is_void_v<B>)
    return f.apply(onnx_operation<Operation>, {a});
  else
    return f.apply(onnx_operation<Operation>, {a, append(f, e.b)});
}
template<class C, class A, class B> int append(formula& f, expression::choice<C, A, B> const& e) {
  int const left = append(f, e.condition.left), right = append(f, e.condition.right);
  int const then = append(f, e.then);
  return f.apply("WhereLess", {left, right, then, append(f, e.otherwise)});
}

}  // namespace detail

/// The formula of an expression: `formula_of(mathematics<GELU>::value())`.
template<expression::Expression E> formula formula_of(E const& e) {
  formula f;
  int const result = detail::append(f, e);
  return f.ending_at(result);
}

}  // namespace laminate
