// The value of a pointwise expression, over one number or over a SIMD batch of them.
#pragma once

#include <laminate/expression/operations.hpp>

namespace laminate::expression {

// V is float, double or an xsimd batch; x and a are the values of the argument and of the learned parameter.
template<class V> [[gnu::always_inline]] inline V evaluate(argument, V const& x, V const&) { return x; }
template<class V> [[gnu::always_inline]] inline V evaluate(parameter, V const&, V const& a) { return a; }
template<class V> [[gnu::always_inline]] inline V evaluate(zero, V const&, V const&) { return V(0); }
template<class V> [[gnu::always_inline]] inline V evaluate(one, V const&, V const&) { return V(1); }

template<class V> struct scalar_of { using type = V; };
template<class T, class Arch> struct scalar_of<xsimd::batch<T, Arch>> { using type = T; };

template<class V> [[gnu::always_inline]] inline V evaluate(constant c, V const&, V const&) {
  return V(static_cast<typename scalar_of<V>::type>(c.value));
}

template<class Op, class A, class B, class V>
[[gnu::always_inline]] inline V evaluate(applied<Op, A, B> const& e, V const& x, V const& a) {
  if constexpr (std::is_void_v<B>)
    return Op::of(evaluate(e.a, x, a));
  else
    return Op::of(evaluate(e.a, x, a), evaluate(e.b, x, a));
}

template<class L, class R, class V>
[[gnu::always_inline]] inline auto evaluate(less<L, R> const& e, V const& x, V const& a) {
  return evaluate(e.left, x, a) < evaluate(e.right, x, a);
}

template<class C, class A, class B, class V>
[[gnu::always_inline]] inline V evaluate(choice<C, A, B> const& e, V const& x, V const& a) {
  if constexpr (Number<V>)
    return evaluate(e.condition, x, a) ? evaluate(e.then, x, a) : evaluate(e.otherwise, x, a);
  else
    return xsimd::select(evaluate(e.condition, x, a), evaluate(e.then, x, a), evaluate(e.otherwise, x, a));
}

}  // namespace laminate::expression
