// A pointwise expression as text: "exp(-x) / (1 + exp(-x))²".
#pragma once

#include <concepts>
#include <cstdio>
#include <laminate/expression/operations.hpp>
#include <string>
#include <string_view>

namespace laminate {

namespace expression {

/// What a part of an expression is written as, without its sign, and how tightly it binds.
struct written {
  enum binding { loose, product, whole };  // a sum or a choice; a product or quotient; anything else

  std::string text;
  binding binds = whole;
  bool negative = false;

  std::string within(binding least) const { return binds < least ? "(" + text + ")" : text; }
  std::string with_sign() const { return negative ? "-" + within(product) : text; }
};

/// The names of the argument and of the learned parameter.
struct names {
  std::string_view x = "x", a = "a";
};

inline written write(argument, names of) { return {std::string(of.x)}; }
inline written write(parameter, names of) { return {std::string(of.a)}; }
inline written write(zero, names) { return {"0"}; }
inline written write(one, names) { return {"1"}; }
inline written write(constant c, names) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", c.value < 0 ? -c.value : c.value);
  return {text, written::whole, c.value < 0};
}

// Ones and zeros that are numbers vanish here; as types they have vanished before.
inline written write_sum(written const& a, written b) {
  if (b.text == "0") return a;
  if (a.text == "0") return b;
  return {a.with_sign() + (b.negative ? " - " : " + ") + b.within(b.negative ? written::product : written::loose),
          written::loose};
}
inline written write_product(written const& a, written const& b) {
  bool const negative = a.negative != b.negative;
  if (a.text == "0" || b.text == "0") return {"0"};
  if (a.text == "1") return {b.text, b.binds, negative};
  if (b.text == "1") return {a.text, a.binds, negative};
  if (a.text == b.text) return {a.within(written::whole) + "²", written::whole, negative};
  return {a.within(written::product) + " * " + b.within(written::product), written::product, negative};
}
inline written write_quotient(written const& a, written const& b) {
  bool const negative = a.negative != b.negative;
  if (b.text == "1") return {a.text, a.binds, negative};
  return {a.within(written::product) + " / " + b.within(written::whole), written::product, negative};
}

template<class Operation> constexpr char const* name_of = "";
template<> inline constexpr char const* name_of<exponential> = "exp";
template<> inline constexpr char const* name_of<logarithm> = "log";
template<> inline constexpr char const* name_of<logarithm_1p> = "log1p";
template<> inline constexpr char const* name_of<square_root> = "sqrt";
template<> inline constexpr char const* name_of<hyperbolic_tangent> = "tanh";
template<> inline constexpr char const* name_of<arc_tangent> = "atan";
template<> inline constexpr char const* name_of<error_function> = "erf";
template<> inline constexpr char const* name_of<absolute> = "abs";
template<> inline constexpr char const* name_of<sine> = "sin";
template<> inline constexpr char const* name_of<cosine> = "cos";

template<class C, class A, class B> written write(choice<C, A, B> const& e, names of);

template<class Operation, class A, class B> written write(applied<Operation, A, B> const& e, names of) {
  written a = write(e.a, of);
  if constexpr (std::same_as<Operation, negation>) {
    a.negative = !a.negative;
    return a;
  } else if constexpr (std::is_void_v<B>) {
    return {name_of<Operation> + ("(" + a.with_sign() + ")")};
  } else {
    written b = write(e.b, of);
    if constexpr (std::same_as<Operation, difference>) b.negative = !b.negative;
    if constexpr (std::same_as<Operation, product>)
      return write_product(a, b);
    else if constexpr (std::same_as<Operation, quotient>)
      return write_quotient(a, b);
    else
      return write_sum(a, b);
  }
}

template<class C, class A, class B> written write(choice<C, A, B> const& e, names of) {
  return {"where(" + write(e.condition.left, of).with_sign() + " < " + write(e.condition.right, of).with_sign() + ", " +
          write(e.then, of).with_sign() + ", " + write(e.otherwise, of).with_sign() + ")"};
}

}  // namespace expression

/// A formula or its derivative, with names of your own for the argument and the learned parameter:
///   to_text(mathematics<Tanh>::slope())                  "1 - tanh(x)²"
///   to_text(mathematics<Tanh>::slope_of_output(), "f")   "1 - f²"
template<expression::Expression E> std::string to_text(E const& e, std::string_view x = "x", std::string_view a = "a") {
  return write(e, expression::names{x, a}).with_sign();
}

}  // namespace laminate
