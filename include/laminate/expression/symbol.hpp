// The leaves of a pointwise expression: its argument, its learned parameter, and numbers.
#pragma once

#include <concepts>
#include <type_traits>

namespace laminate::expression {

/// Every node of an expression derives from this, so that operators apply to expressions and to nothing else.
struct node {};

template<class E>
concept Expression = std::derived_from<E, node>;

struct argument : node {};   ///< x
struct parameter : node {};  ///< a: one learned number per channel, or one for the layer
struct zero : node {};       ///< 0 and 1 are types: products and sums with them vanish while compiling
struct one : node {};

struct constant : node {
  double value;
  explicit constexpr constant(double v) : value(v) {}
};

/// Stands for every expression while a formula is tried. All that can be written with expressions gives a trial again,
/// and it can be taken for a number as well: so a formula that is none has no error in its body, but asks for a value,
/// which is not to be had while compiling.
struct trial : node {
  operator double() const { return 0; }
};
template<class... E> inline constexpr bool is_tried = (std::same_as<E, trial> || ...);

template<class N>
concept Number = std::is_arithmetic_v<N>;

template<class E>
concept Operand = Expression<E> || Number<E>;

constexpr auto lift(Number auto n) { return constant{static_cast<double>(n)}; }
constexpr auto lift(Expression auto e) { return e; }

}  // namespace laminate::expression
