// Depthwise convolutions of every stride, with odd kernels, dilations, paddings and channels: fused = reference. (That
// unfused is as well, the generated networks show.)
#include <catch2/catch.hpp>

#include "generated.hpp"

using namespace laminate;

namespace {

template<int C, class... Options> using depthwise = Conv<3, C, Groups<C>, Options...>;

/// A depthwise convolution with work on both of its sides.
template<int C, int H, int W, int K, class... Options>
using between = Network<Image<C, H, W>, BN, SiLU, Conv<K, C, Groups<C>, Options...>, BN, ReLU>;

template<class Net> std::string broken() {
  return laws::broken_law(
      {laws::spelled<Net>(), laws::make_specimen<Net, Fused>, nullptr, laws::make_specimen<Net, Reference>}, 1e-10);
}

static_assert(is_depthwise({{17, 8, 8}, {17, 8, 8}, {.kernel = 3, .groups = 17}}));
static_assert(!is_depthwise({{16, 8, 8}, {32, 8, 8}, {.kernel = 3, .groups = 16}}), "two filters a channel");
static_assert(!is_depthwise({{1, 8, 8}, {1, 8, 8}, {.kernel = 3}}));
static_assert(weights_size({{40, 8, 8}, {40, 8, 8}, {.kernel = 5, .groups = 40}}) == 48 * 25, "no zeros are stored");
static_assert(weights_size({{64, 8, 8}, {64, 8, 8}, {.kernel = 3, .groups = 16}}) == 4 * 9 * 16 * 16,
              "blocks that do not meet are not stored");

static_assert(is_accepted<Network<Image<20000, 1, 1>, Conv<3, 20000, Groups<20000>>>>, "it has few weights");

}  // namespace

TEMPLATE_TEST_CASE("depthwise convolutions of all sizes: fused = reference", "[laws][depthwise]",
                   (between<16, 7, 7, 3>), (between<17, 9, 5, 3, Stride<2>>), (between<5, 8, 8, 2, Stride<3>>),
                   (between<33, 6, 19, 5, Stride<4>>), (between<16, 11, 20, 7, Stride<1>>),
                   (between<18, 9, 10, 3, Dilation<2>, Padding<0>>), (between<3, 10, 9, 3, Dilation<3>, Padding<4>>),
                   (between<16, 8, 9, 4, Stride<3>, Dilation<2>, Padding<3>>), (between<20, 5, 5, 1>),
                   (between<16, 3, 2, 5, Padding<4>>), (between<16, 2, 40, 3, Stride<2>, Dilation<2>>),
                   (between<32, 3, 3, 3, Padding<0>>), (between<16, 2, 2, 7>), (between<9, 1, 3, 7, Stride<2>>)) {
  CHECK(broken<TestType>() == "");
}

// The other ways channels can be in groups, and an image that depthwise convolutions read as it comes.
TEMPLATE_TEST_CASE("groups of few channels", "[laws][depthwise]",
                   (Network<Image<3, 8, 7>, depthwise<3>, BN, ReLU, Conv<3, 9, Groups<3>, Stride<2>>>),
                   (Network<Image<2, 8, 7>, Concat<depthwise<2, Bias<true>>, Conv<3, 14>>, BN, depthwise<16>>),
                   (Network<Image<16, 6, 7>, Conv<3, 32, Groups<16>>, BN, ReLU, Conv<3, 32, Groups<8>>>),
                   (Network<Image<24, 6, 7>, Conv<3, 24, Groups<12>>, ReLU, Conv<5, 12, Groups<12>, Stride<2>>>)) {
  CHECK(broken<TestType>() == "");
}

namespace {
using uneven = Network<Image<60, 5, 4>, Conv<3, 90, Groups<30>>, BN, ReLU, Conv<3, 20, Groups<5>, Stride<2>>>;
using halves = Network<Image<32, 6, 5>, Conv<3, 32, Groups<4>>, BN, ReLU, Conv<3, 64, Groups<4>, Dilation<2>>>;
using wide = Network<Image<64, 5, 5>, Conv<3, 64, Groups<2>>, PReLU, Conv<1, 48, Groups<16>>>;
}  // namespace

TEMPLATE_TEST_CASE("groups that meet several blocks of channels", "[laws][depthwise]", uneven, halves, wide) {
  CHECK(broken<TestType>() == "");
}
