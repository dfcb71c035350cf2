// A value for every word: conv<3, 16> for Conv<3, 16>, relu for ReLU. What expressions are written with.
#pragma once

#include <laminate/layers/activations/arc_tan.hpp>
#include <laminate/layers/activations/binary_step.hpp>
#include <laminate/layers/activations/elu.hpp>
#include <laminate/layers/activations/gelu.hpp>
#include <laminate/layers/activations/layer_scale.hpp>
#include <laminate/layers/activations/leaky_relu.hpp>
#include <laminate/layers/activations/logistic.hpp>
#include <laminate/layers/activations/prelu.hpp>
#include <laminate/layers/activations/relu.hpp>
#include <laminate/layers/activations/relu6.hpp>
#include <laminate/layers/activations/silu.hpp>
#include <laminate/layers/activations/softplus.hpp>
#include <laminate/layers/activations/tanh.hpp>
#include <laminate/layers/batch_norm.hpp>
#include <laminate/layers/conv.hpp>
#include <laminate/layers/conv_transpose.hpp>
#include <laminate/layers/dense.hpp>
#include <laminate/layers/dropout.hpp>
#include <laminate/layers/expressions.hpp>
#include <laminate/layers/flatten.hpp>
#include <laminate/layers/input.hpp>
#include <laminate/layers/layer_norm.hpp>
#include <laminate/layers/pool.hpp>
#include <laminate/layers/upsample.hpp>

namespace laminate {

// Any other word W, an alias of yours for one, has the value W{}. In a template under `using namespace
// laminate`, clang 19 takes `x.features < 3` for the start of template arguments; `(x.features) < 3` is read
// as meant.

template<int C, int H, int W> inline constexpr Image<C, H, W> image{};
template<int N> inline constexpr Features<N> features{};

template<int K, int Filters, class... Options> inline constexpr Conv<K, Filters, Options...> conv{};
template<int K, int Filters, class... Options> inline constexpr ConvTranspose<K, Filters, Options...> conv_transpose{};
template<int N, class... Options> inline constexpr Dense<N, Options...> dense{};
template<int K, class... Options> inline constexpr MaxPool<K, Options...> max_pool{};
template<int K, class... Options> inline constexpr AvgPool<K, Options...> avg_pool{};
inline constexpr GlobalAvgPool global_avg_pool{};
template<int F, class... Options> inline constexpr Upsample<F, Options...> upsample{};
inline constexpr Flatten flatten{};
template<double P = 0.5> inline constexpr Dropout<P> dropout{};
template<int EpsilonExponent = 5, int MomentumPercent = 10>
inline constexpr BatchNorm<EpsilonExponent, MomentumPercent> batch_norm{};
inline constexpr BN bn{};
inline constexpr LayerNorm layer_norm{};
template<int EpsilonExponent> inline constexpr LayerNormWith<EpsilonExponent> layer_norm_with{};

/// The identity: id + body is a residual block, id | body keeps the input's channels, id * body scales them.
inline constexpr Identity id{};
inline constexpr BinaryStep binary_step{};
inline constexpr Logistic logistic{};
inline constexpr Sigmoid sigmoid{};
inline constexpr ArcTan arc_tan{};
inline constexpr ReLU relu{};
inline constexpr ReLU6 relu6{};
inline constexpr PReLU prelu{};
inline constexpr PReLUPerChannel prelu_per_channel{};
inline constexpr ELU elu{};
template<double Alpha> inline constexpr ELUWith<Alpha> elu_with{};
inline constexpr SoftPlus softplus{};
inline constexpr LeakyReLU leaky_relu{};
template<double S> inline constexpr LeakyReLUWith<S> leaky_relu_with{};
inline constexpr LayerScale layer_scale{};
inline constexpr GELU gelu{};
inline constexpr SiLU silu{};
template<auto F> inline constexpr Activation<F> activation{};

// A variable called tanh would hide the function from formulas such as [](auto x) { return tanh(x); }, and
// would be ambiguous with <cmath>'s for whoever is `using namespace laminate`. So this word is a function
// too, one that nobody calls: operators take it by its address, as streams take std::endl.
struct word_by_name {};
constexpr Tanh tanh(word_by_name) { return {}; }
struct tanh_by_name {  // the function's address alone, not what else could be turned into such a pointer
  constexpr tanh_by_name(Tanh (*)(word_by_name)) {}
};

template<class A> constexpr auto operator>>(A a, tanh_by_name) -> decltype(a >> Tanh{}) { return {}; }
constexpr auto operator*(Identity x, tanh_by_name) { return x * Tanh{}; }
template<Word B> constexpr auto operator>>(tanh_by_name, B b) { return Tanh{} >> b; }
template<Word A> constexpr auto operator+(A a, tanh_by_name) { return a + Tanh{}; }
template<Word B> constexpr auto operator+(tanh_by_name, B b) { return Tanh{} + b; }
template<Word A> constexpr auto operator|(A a, tanh_by_name) { return a | Tanh{}; }
template<Word B> constexpr auto operator|(tanh_by_name, B b) { return Tanh{} | b; }

}  // namespace laminate
