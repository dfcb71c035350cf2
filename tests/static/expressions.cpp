// Both spellings of a network are one type; values of words collide with nothing.
#include <laminate/layers.hpp>
#include <laminate/model/model.hpp>

#include <cmath>
#include <concepts>
#include <functional>
#include <list>

using namespace laminate;

template<class A, class B> constexpr bool same(A, B) { return std::same_as<A, B>; }

// clang-format 14 takes `<3, 16> >>` for comparisons and makes `>>>` of it, but in the arguments of a call.
// clang-format off

// The network of the lecture, H(x) = F(x) + x.
constexpr auto net = image<1, 28, 28> >> conv<3, 16> >> bn >> relu >>
                     repeat<3>(id + (conv<3, 16> >> bn >> relu >> conv<3, 16> >> bn)) >>
                     global_avg_pool >> dense<10>;
constexpr auto stem = conv<3, 16> >> bn >> relu;
template<int F>
constexpr auto halve = (conv<1, F, Stride<2>> >> bn) +
                       (conv<3, F, Stride<2>> >> bn >> relu >> conv<3, F> >> bn);
namespace somebody_elses {
using namespace std;
constexpr auto body = image<3, 8, 8> >> tanh >> relu;
}  // namespace somebody_elses

// clang-format on

using Net = Network<Image<1, 28, 28>, Conv<3, 16>, BN, ReLU,
                    Repeat<3, Residual<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN>>, GlobalAvgPool, Dense<10>>;
static_assert(same(net, Net{}));
static_assert(std::is_constructible_v<Model<decltype(net)>, int>, "and a constant one makes a model");
static_assert(graph_of<decltype(net)>.size == graph_of<Net>.size);

// Layers without an input dissolve in what they are composed with, however they were grouped.
static_assert(same(image<3, 8, 8> >> stem >> flatten >> dense<2>,
                   Network<Image<3, 8, 8>, Conv<3, 16>, BN, ReLU, Flatten, Dense<2>>{}));
static_assert(same(image<3, 8, 8> >> (stem >> (flatten >> dense<2>)), image<3, 8, 8> >> stem >> flatten >> dense<2>));
static_assert(same((image<3, 8, 8> >> conv<1, 4>) >> stem,
                   Network<Image<3, 8, 8>, Conv<1, 4>, Conv<3, 16>, BN, ReLU>{}));
static_assert(same(features<4> >> (dense<3> >> bn), Network<Features<4>, Dense<3>, BN>{}));
static_assert(same(relu >> stem, Chain<ReLU, Conv<3, 16>, BN, ReLU>{}));

// A Sequential stays one layer.
static_assert(same(image<3, 8, 8> >> sequential(stem) >> sequential(flatten),
                   Network<Image<3, 8, 8>, Sequential<Conv<3, 16>, BN, ReLU>, Sequential<Flatten>>{}));

// Branches that add.
static_assert(
    same(image<3, 8, 8> >> halve<32> >> relu,
         Network<Image<3, 8, 8>,
                 Residual<Shortcut<Conv<1, 32, Stride<2>>, BN>, Conv<3, 32, Stride<2>>, BN, ReLU, Conv<3, 32>, BN>,
                 ReLU>{}));
static_assert(same(id + relu, Residual<ReLU>{}));
static_assert(same((conv<3, 3> >> bn) + id, Residual<Conv<3, 3>, BN>{}), "the identity is the shortcut");
static_assert(same(avg_pool<2> + max_pool<2>, Residual<Shortcut<AvgPool<2>>, MaxPool<2>>{}));
static_assert(same(id + conv<1, 3> + conv<3, 3>, Residual<Shortcut<Residual<Conv<1, 3>>>, Conv<3, 3>>{}));
static_assert(same(repeat<2>((id + (conv<3, 3> >> bn)) >> relu), Repeat<2, Residual<Conv<3, 3>, BN>, ReLU>{}));
static_assert(same(repeat<2>(sequential((id + conv<3, 3>) >> relu)),
                   Repeat<2, Sequential<Residual<Conv<3, 3>>, ReLU>>{}));
static_assert(same(repeat<2>(relu), Repeat<2, ReLU>{}));

// Branches whose channels stand side by side.
static_assert(same(conv<1, 4> | (conv<1, 2> >> relu >> conv<3, 4>) | id,
                   Concat<Conv<1, 4>, Sequential<Conv<1, 2>, ReLU, Conv<3, 4>>, Identity>{}));
static_assert(same(conv<1, 4> >> bn | relu, Concat<Sequential<Conv<1, 4>, BN>, ReLU>{}));
static_assert(same(id | (conv<1, 4> | relu), Concat<Identity, Concat<Conv<1, 4>, ReLU>>{}));
static_assert(same(id + ((id | conv<1, 4>) >> conv<3, 5>), Residual<Concat<Identity, Conv<1, 4>>, Conv<3, 5>>{}));

// A branch that makes a factor.
static_assert(same(image<3, 8, 8> >> id * (global_avg_pool >> dense<3> >> logistic) >> relu,
                   Network<Image<3, 8, 8>, Scale<GlobalAvgPool, Dense<3>, Logistic>, ReLU>{}));
static_assert(same((conv<1, 3> >> tanh) * id, Scale<Conv<1, 3>, Tanh>{}) && same(id * tanh, Scale<Tanh>{}));
static_assert(same(id * id, Scale<Identity>{}));
static_assert(same(id + (conv<3, 3> >> bn >> id * (global_avg_pool >> dense<3>)),
                   Residual<Conv<3, 3>, BN, Scale<GlobalAvgPool, Dense<3>>>{}));

// Every word and every option.
static_assert(same(conv<5, 6, Stride<2>, Padding<0>, Dilation<2>, Groups<2>, Bias<false>>,
                   Conv<5, 6, Stride<2>, Padding<0>, Dilation<2>, Groups<2>, Bias<false>>{}));
static_assert(same(dense<3, Bias<false>>, Dense<3, Bias<false>>{}));
static_assert(same(max_pool<3, Stride<2>, Padding<1>>, MaxPool<3, Stride<2>, Padding<1>>{}));
static_assert(same(avg_pool<2>, AvgPool<2>{}));
static_assert(same(upsample<2>, Upsample<2>{}) && same(upsample<4, Bilinear>, Upsample<4, Bilinear>{}));
static_assert(same(conv_transpose<2, 8, Stride<2>>, ConvTranspose<2, 8, Stride<2>>{}));
static_assert(same(batch_norm<3, 25>, BatchNorm<3, 25>{}) && same(bn, BN{}) && same(layer_norm, LayerNorm{}) &&
              same(layer_norm_with<6>, LayerNormWith<6>{}) && same(layer_scale, LayerScale{}) &&
              same(batch_norm<>, BN{}));
static_assert(same(dropout<0.3>, Dropout<0.3>{}) && same(dropout<>, Dropout<0.5>{}));
static_assert(same(id >> binary_step >> logistic >> sigmoid >> tanh >> arc_tan >> relu >> prelu >> prelu_per_channel >>
                       elu >> elu_with<0.5> >> softplus >> leaky_relu >> leaky_relu_with<0.2> >> gelu >> silu >> relu6,
                   Chain<Identity, BinaryStep, Logistic, Sigmoid, Tanh, ArcTan, ReLU, PReLU, PReLUPerChannel, ELU,
                         ELUWith<0.5>, SoftPlus, LeakyReLU, LeakyReLUWith<0.2>, GELU, SiLU, ReLU6>{}));

// What is no layer gets as far as the refusal that names it.
static_assert(same(image<3, 8, 8> >> conv<1, 2> >> Stride<2>{}, Network<Image<3, 8, 8>, Conv<1, 2>, Stride<2>>{}));
static_assert(same(image<3, 8, 8> >> relu >> (features<2> >> relu),
                   Network<Image<3, 8, 8>, ReLU, Network<Features<2>, ReLU>>{}));

// A word of one's own.
using Mish = Activation<[](auto x) { return x * tanh(log(1 + exp(x))); }>;
template<int F> using Block = Sequential<Residual<Conv<3, F>, Mish>>;
static_assert(same(image<4, 8, 8> >> Block<4>{} >> Mish{}, Network<Image<4, 8, 8>, Block<4>, Mish>{}));

// tanh is a word, <cmath>'s function and a formula's.
static_assert(same(image<3, 8, 8> >> tanh, Network<Image<3, 8, 8>, Tanh>{}));
static_assert(same(image<3, 8, 8> >> conv<1, 2> >> tanh >> flatten,
                   Network<Image<3, 8, 8>, Conv<1, 2>, Tanh, Flatten>{}));
static_assert(same(tanh >> bn >> tanh, Chain<Tanh, BN, Tanh>{}));
static_assert(same(id + tanh, Residual<Tanh>{}) && same(tanh + bn, Residual<Shortcut<Tanh>, BN>{}));
static_assert(same(id | tanh, Concat<Identity, Tanh>{}) && same(tanh | bn, Concat<Tanh, BN>{}));
using Lecun = Activation<[](auto x) { return 1.7159 * tanh(2.0 / 3 * x); }>;
static_assert(Lecun::about.misuse == problem::none);
double half_tanh(double x) { return tanh(x) / 2 + tanh(0) + std::tanh(x); }

namespace laminate {  // here <cmath>'s function is hidden
static_assert(same(image<3, 8, 8> >> tanh >> bn, Network<Image<3, 8, 8>, Tanh, BN>{}));
static_assert(same(image<3, 8, 8> >> (bn >> tanh), Network<Image<3, 8, 8>, BN, Tanh>{}));
static_assert(same(image<3, 8, 8> >> bn >> tanh, Network<Image<3, 8, 8>, BN, Tanh>{}));
static_assert(same(id + tanh, Residual<Tanh>{}) && same(bn | tanh, Concat<BN, Tanh>{}));
}  // namespace laminate
namespace somebody_elses {
using namespace std;
static_assert(same(body, Network<Image<3, 8, 8>, Tanh, ReLU>{}));
float quarter_tanh(float x) { return tanh(x) / 4 + exp(x); }
// Of what the library has besides, count<L, Net> and replace<A, B, Net> alone are called as something of std.
std::size_t of_std(list<int> const& numbers) { return hash<int>{}(numbers.front()); }
}  // namespace somebody_elses

// Variables of a user may be called as words are; g++ and clang must not take `<` for template arguments.
struct settings {
  int features = 1, depth = 2, count = 3, parameters = 4, flops = 5;
};
template<class Settings> bool is_small(Settings const& s, int relu, int id) {
  int const dense = relu + id, flatten = 2;
  return (s.features) < 2 && s.depth < 3 && s.count < 4 && s.parameters < dense && s.flops < flatten;
}
template bool is_small(settings const&, int, int);
