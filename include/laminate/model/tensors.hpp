// infer, forward and backward for xtensor's expressions. Only xtensor's names are needed here: a
// program that has tensors has included what they are, and the others do not compile 50 MB of headers.
#pragma once

#include <cstddef>
#include <laminate/describe/shape.hpp>
#include <laminate/model/batch.hpp>
#include <laminate/support/error.hpp>
#include <memory>
#include <span>
#include <type_traits>

#if __has_include(<xtensor/core/xlayout.hpp>)  // since 0.26
#include <xtensor/core/xlayout.hpp>
#else
#include <xtensor/xlayout.hpp>
#endif

// As <xtensor/xtensor_forward.hpp> declares them, which includes dates, bitsets and more: 0.15 s.
namespace xt {
struct xtensor_expression_tag;
template<class T, class Allocator> class uvector;
template<class Container, std::size_t Axes, layout_type Layout, class Tag> class xtensor_container;
}  // namespace xt

namespace laminate {

template<class X>
concept TensorExpression = requires(X const& x) {
  typename X::expression_tag;
  x.dimension();
  x.shape();
};

/// xt::xtensor<T, 4> for (N, C, H, W), xt::xtensor<T, 2> for (N, features). The class of the expression makes it a
/// dependent name.
template<class T, bool Features, class X>
using tensor_of =
    std::enable_if_t<TensorExpression<X>,
                     xt::xtensor_container<xt::XTENSOR_DEFAULT_DATA_CONTAINER(T, XTENSOR_DEFAULT_ALLOCATOR(T)),
                                           Features ? 2 : 4, XTENSOR_DEFAULT_LAYOUT, xt::xtensor_expression_tag>>;

/// These allocate their results; the overloads for spans do not.
template<class Model, class T> class takes_tensors {
 public:
  template<TensorExpression X> auto infer(X const& x) {
    return with_result<takes_features<Model>, gives_features<Model>>(
        x, model().in, model().out, [&](auto from, auto to) { model().infer(from, to); });
  }
  template<TensorExpression X> auto forward(X const& x) {
    return with_result<takes_features<Model>, gives_features<Model>>(
        x, model().in, model().out, [&](auto from, auto to) { model().forward(from, to); });
  }
  /// dx, in the shape of the input.
  template<TensorExpression X> auto backward(X const& dy) {
    return with_result<gives_features<Model>, takes_features<Model>>(
        dy, model().out, model().in, [&](auto from, auto to) { model().backward(from, to); });
  }

 private:
  Model& model() { return static_cast<Model&>(*this); }

  // What is known while compiling; of the sizes an AnyModel knows that of its results at run time only.
  template<class M> static constexpr bool takes_features = M::in.is_features();
  template<class M>
  static constexpr bool gives_features = [] {
    if constexpr (requires { M::gives_features; })
      return M::gives_features;
    else
      return M::out.is_features();
  }();

  template<bool Features, class X> static bool fits(X const& x, shape const& from) {
    auto const size = [&](int axis) { return static_cast<int>(x.shape()[axis]); };
    if constexpr (Features)
      return x.dimension() == 2 && size(1) == from.channels;
    else
      return x.dimension() == 4 && size(1) == from.channels && size(2) == from.height && size(3) == from.width;
  }

  template<bool From, bool To, class X, class Run>
  static auto with_result(X const& x, shape const& from, shape const& to, Run&& run) {
    static_assert(
        requires { sizeof(tensor_of<T, To, X>); }, "results are xt::xtensor: #include <xtensor/xtensor.hpp>");
    if (!fits<From>(x, from)) throw error("the tensor given is not (N, " + text_of(from).substr(1));
    auto const samples = static_cast<std::size_t>(x.shape()[0]);
    tensor_of<T, From, X> const dense = x;  // row-major and contiguous, whatever the expression was
    tensor_of<T, To, X> result;
    if constexpr (To)
      result.resize({samples, std::size_t(to.channels)});
    else
      result.resize({samples, std::size_t(to.channels), std::size_t(to.height), std::size_t(to.width)});
    run(std::span<T const>(dense.data(), dense.size()), std::span<T>(result.data(), result.size()));
    return result;
  }
};

}  // namespace laminate
