// Algorithms on the types of networks: replace, without, count, for_networks, and what networks cost.
#include <laminate/graph/count.hpp>
#include <laminate/graph/for_networks.hpp>
#include <laminate/graph/replace.hpp>
#include <laminate/layers.hpp>
#include <laminate/model/costs.hpp>

#include <concepts>

using namespace laminate;

template<int F> using Block = Sequential<Residual<Conv<3, F>, BN, ReLU, Conv<3, F>, BN>, ReLU>;
using Net =
    Network<Image<3, 8, 8>, Conv<3, 16>, BN, ReLU, Repeat<3, Block<16>, Repeat<2, Conv<1, 16, Bias<false>>, ReLU>>,
            Residual<Shortcut<Conv<1, 32, Stride<2>>, BN>, Conv<3, 32, Stride<2>>, BatchNorm<3>, ReLU>,
            Concat<ReLU, Sequential<Conv<1, 4>, BN>, Residual<MaxPool<3, Stride<1>, Padding<1>>>>, Dropout<0.3>,
            GlobalAvgPool, Dense<10>, LeakyReLUWith<0.3>>;

// replace, in every block.
template<int F> using Smooth = Sequential<Residual<Conv<3, F>, BN, GELU, Conv<3, F>, BN>, GELU>;
static_assert(
    std::same_as<
        replace<ReLU, GELU, Net>,
        Network<Image<3, 8, 8>, Conv<3, 16>, BN, GELU, Repeat<3, Smooth<16>, Repeat<2, Conv<1, 16, Bias<false>>, GELU>>,
                Residual<Shortcut<Conv<1, 32, Stride<2>>, BN>, Conv<3, 32, Stride<2>>, BatchNorm<3>, GELU>,
                Concat<GELU, Sequential<Conv<1, 4>, BN>, Residual<MaxPool<3, Stride<1>, Padding<1>>>>, Dropout<0.3>,
                GlobalAvgPool, Dense<10>, LeakyReLUWith<0.3>>>);
static_assert(std::same_as<replace<GELU, ReLU, replace<ReLU, GELU, Net>>, Net>);
static_assert(std::same_as<replace<SiLU, GELU, Net>, Net>, "what is not there is not replaced");
static_assert(
    std::same_as<replace<BN, ReLU, Block<4>>, Sequential<Residual<Conv<3, 4>, ReLU, ReLU, Conv<3, 4>, ReLU>, ReLU>>);
static_assert(std::same_as<replace<Block<16>, Conv<3, 16>, Network<Image<1, 4, 4>, Repeat<2, Block<16>>>>,
                           Network<Image<1, 4, 4>, Repeat<2, Conv<3, 16>>>>,
              "a block is a word too, and is replaced as a whole");
static_assert(std::same_as<replace<Image<3, 8, 8>, Image<3, 32, 32>, Network<Image<3, 8, 8>, ReLU>>,
                           Network<Image<3, 32, 32>, ReLU>>);
static_assert(std::same_as<replace<ReLU, GELU, Chain<ReLU, Tanh> const>, Chain<GELU, Tanh>>);

// without.
static_assert(std::same_as<without<BN, Block<16>>, Sequential<Residual<Conv<3, 16>, ReLU, Conv<3, 16>>, ReLU>>);
static_assert(std::same_as<without<Conv<1, 32, Stride<2>>, without<BN, Net>>,
                           Network<Image<3, 8, 8>, Conv<3, 16>, ReLU,
                                   Repeat<3, without<BN, Block<16>>, Repeat<2, Conv<1, 16, Bias<false>>, ReLU>>,
                                   Residual<Shortcut<>, Conv<3, 32, Stride<2>>, BatchNorm<3>, ReLU>,
                                   Concat<ReLU, Sequential<Conv<1, 4>>, Residual<MaxPool<3, Stride<1>, Padding<1>>>>,
                                   Dropout<0.3>, GlobalAvgPool, Dense<10>, LeakyReLUWith<0.3>>>);
static_assert(std::same_as<without<ReLU, Concat<ReLU, Conv<1, 4>>>, Concat<Sequential<>, Conv<1, 4>>>,
              "a branch of nothing is the identity");
static_assert(std::same_as<without<ReLU, Network<Features<3>, ReLU, ReLU>>, Network<Features<3>>>);
static_assert(std::same_as<without<ReLU, Residual<ReLU>>, Residual<>>);

// Structs derived from blocks, and words that somebody else's templates make.
struct Own : Residual<Conv<3, 16>, ReLU> {};
template<class A> struct Twice : Sequential<A, A, BN> {};
static_assert(std::same_as<replace<Tanh, GELU, Own>, Own>);
using Changed = Network<Image<16, 4, 4>, replace<ReLU, GELU, Own>, without<BN, Twice<ReLU>>>;
static_assert(std::same_as<replace<ReLU, GELU, Own>, block<role::open_residual, 1, Conv<3, 16>, GELU>>);
static_assert(count<GELU, Changed>() == 1 && count<ReLU, Changed>() == 2 && count<BN, Changed>() == 0);
static_assert(is_accepted<Changed> && count<role::sum, Changed>() == 1);

// count, Repeats multiplied: the stem, two for each block, two of the inner Repeat, three after it.
static_assert(count<Conv, Net>() == 1 + 3 * (2 + 2) + 2 + 1);
static_assert(count<role::convolution, Net>() == count<Conv, Net>());
static_assert(count<ReLU, Net>() == 1 + 3 * (2 + 2) + 1 + 1);
static_assert(count<role::activation, Net>() == count<ReLU, Net>() + 1);
static_assert(count<BN, Net>() == 1 + 3 * 2 + 1 + 1);
static_assert(count<BatchNorm, Net>() == count<BN, Net>() + 1 && count<BatchNorm<3>, Net>() == 1);
static_assert(count<role::normalisation, Net>() == count<BatchNorm, Net>());
static_assert(count<Conv<1, 16, Bias<false>>, Net>() == 6 && count<Conv<1, 16>, Net>() == 0);
static_assert(count<Residual, Net>() == 3 + 1 + 1 && count<role::sum, Net>() == 5);
static_assert(std::same_as<replace<ReLU, GELU, Residual<Scale<Dense<4>, ReLU>>>, Residual<Scale<Dense<4>, GELU>>>);
static_assert(count<ReLU, Network<Features<4>, Repeat<2, Scale<ReLU>>>>() == 2);
static_assert(count<Sequential, Net>() == 3 + 1, "the branches of a Concat are not wrapped");
static_assert(count<Repeat, Net>() == 1 + 3 && count<Shortcut, Net>() == 1 && count<Concat, Net>() == 1);
static_assert(count<Dense, Net>() == 1 && count<MaxPool, Net>() == 1 && count<AvgPool, Net>() == 0);
static_assert(count<Dropout, Net>() == 1 && count<LeakyReLUWith, Net>() == 1 && count<GlobalAvgPool, Net>() == 1);
static_assert(count<Block<16>, Net>() == 3 && count<Conv, Block<16>>() == 2);
static_assert(count<Conv, Twice<Own> const>() == 2 && count<Residual, Twice<Own>>() == 2);

// Costs are the plan's.
using Small = Network<Image<1, 6, 6>, Conv<3, 4>, BN, ReLU, Residual<Conv<3, 4>, BN>, ReLU, GlobalAvgPool, Dense<3>>;
static_assert(parameters<Small>() == plan<Small>.parameters && parameters<Small>() == 211);
static_assert(flops<Small>() == plan<Small>.flops && flops<Small>() == 2 * 6'492);
static_assert(depth<Small>() == plan<Small>.depth && depth<Small>() == 3);
static_assert(arena_bytes<Small>(5) == plan<Small>.arena_bytes(5));
static_assert(arena_bytes<Small, Unfused, double>(5) == plan<Small, Unfused>.arena_bytes(5, sizeof(double)));

// for_networks sweeps a family.
template<int Width> using Wide = Network<Features<4>, Dense<Width>, ReLU, Dense<2>>;
constexpr long parameters_of_all() {
  long sum = 0;
  for_networks<Wide<8>, Wide<16>, Small>([&]<class Swept>() { sum += parameters<Swept>(); });
  return sum;
}
static_assert(parameters_of_all() == (8 * 5 + 2 * 9) + (16 * 5 + 2 * 17) + 211);

// In a template, `x.depth < 3` compares: see model/costs.hpp.
struct settings {
  int depth = 2, count = 3, parameters = 4, flops = 5;
};
template<class Settings> bool is_small(Settings const& s) {
  return s.depth < 3 && s.count < 4 && s.parameters < 5 && s.flops < 6;
}
template bool is_small(settings const&);
