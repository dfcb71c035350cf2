// Convolutions of few channels, which would leave most lanes of a block idle: = reference. Where a vector holds 16
// floats, it holds two pixels of a first one's results; of a later one's data gradient each channel has a vector. Where
// it holds less, vectors without a channel are left out.
#include <catch2/catch.hpp>
#include <laminate/kernels/convolve/data_gradient.hpp>
#include <laminate/kernels/convolve/pairs.hpp>

#include "comparison.hpp"

using namespace laminate;

namespace {

template<int Channels, int Height, int Width, int Kernel, int Filters, class... Options>
using first = Network<Image<Channels, Height, Width>, Conv<Kernel, Filters, Options...>, Tanh>;

constexpr bool pairs(sliding const& g) {
  return kernels::goes_in_pairs<float, kernels::default_arch>(g, layout::planar);
}
constexpr bool holds_16 = kernels::lanes<float, kernels::default_arch> == 16;
static_assert(pairs({{1, 9, 9}, {8, 9, 9}, {.kernel = 3, .padding = 1}}) == holds_16);
static_assert(!pairs({{1, 9, 9}, {9, 9, 9}, {.kernel = 3, .padding = 1}}), "more than half a block");
static_assert(!pairs({{1, 9, 9}, {8, 5, 5}, {.kernel = 3, .stride = 2, .padding = 1}}));
static_assert(!pairs({{1, 9, 9}, {8, 7, 7}, {.kernel = 3, .padding = 1, .dilation = 2}}));
static_assert(!pairs({{8, 9, 9}, {8, 9, 9}, {.kernel = 3, .padding = 1, .groups = 8}}));
static_assert(!pairs({{15, 9, 2000}, {8, 9, 2000}, {.kernel = 5, .padding = 2}}), "more lines than a stack is for");

/// A convolution of few channels behind another, whose data gradient has to do with all of it.
template<int Few, int Height, int Width, int Kernel, int Filters, class... Options>
using later = Network<Image<2, Height, Width>, Conv<1, Few>, Tanh, Conv<Kernel, Filters, Options...>, Tanh>;

constexpr bool few(sliding const& g) { return kernels::sums_few<float, kernels::default_arch>(g); }
static_assert(few({{6, 14, 14}, {16, 10, 10}, {.kernel = 5}}) == holds_16);
static_assert(!few({{9, 14, 14}, {16, 10, 10}, {.kernel = 5}}), "more than half a block");
static_assert(!few({{8, 14, 14}, {32, 14, 14}, {.kernel = 1}}), "adding up lanes would take longer");
static_assert(!few({{4, 8, 8}, {4, 8, 8}, {.kernel = 3, .padding = 1, .groups = 4}}));
static_assert(!few({{3, 8, 8}, {16, 8, 8}, {.kernel = 3, .padding = 1}}), "a picture's gradient");

}  // namespace

// Tiles of an even and an odd number of pixels, with and without borders; strides, holes, a border wider than the
// image.
TEMPLATE_TEST_CASE("a vector for each of few channels = reference", "[laws][pairs]",
                   (later<6, 14, 14, 5, 16, Padding<0>>), (later<8, 5, 7, 3, 33>), (later<4, 9, 31, 3, 5>),
                   (later<5, 8, 9, 5, 16, Stride<2>>), (later<5, 7, 7, 3, 17, Dilation<2>>),
                   (later<4, 2, 3, 5, 20, Padding<4>>), (later<7, 6, 10, 4, 40, Stride<3>, Padding<2>>)) {
  CHECK(laws::broken<TestType, float, FusedBy<Direct>, UnfusedBy<Direct>>(1e-5, {3, 1}) == "");
}

// Rows of an even and an odd number of pixels, of one and of several tiles; planes of more than one band; kernels of
// more taps than registers, larger than the image, of one tap.
TEMPLATE_TEST_CASE("two pixels in a vector = reference", "[laws][pairs]", (first<1, 28, 28, 5, 6>),
                   (first<3, 6, 7, 3, 8>), (first<2, 3, 37, 3, 5>), (first<1, 4, 66, 2, 1, Padding<0>>),
                   (first<3, 90, 33, 7, 4>), (first<2, 5, 5, 5, 8, Padding<0>>), (first<1, 3, 2, 7, 3>),
                   (first<15, 5, 4, 1, 7, Bias<false>>), (first<1, 6, 9, 4, 2, Padding<3>>)) {
  CHECK(laws::broken<TestType, float, FusedBy<Direct>, UnfusedBy<Direct>>(1e-5, {3, 1}) == "");
}

// In double, a block is two vectors or more on every processor: at most half of the last one has channels here.
TEMPLATE_TEST_CASE("vectors without channels are left out = reference", "[laws][pairs]",
                   (later<6, 14, 14, 5, 24, Padding<0>>), (later<2, 5, 33, 3, 17>), (later<18, 6, 7, 3, 1, Stride<2>>),
                   (later<20, 7, 9, 4, 8, Stride<3>, Padding<2>>), (later<4, 3, 2, 9, 3>), (later<35, 4, 5, 1, 5>),
                   (first<1, 28, 27, 5, 6>), (first<2, 9, 8, 3, 20, Stride<2>>), (first<3, 7, 31, 7, 4, Dilation<2>>),
                   (first<1, 12, 14, 11, 2>), (later<3, 4, 4, 2, 5, Dilation<5>, Padding<1>>)) {
  CHECK(laws::broken<TestType, double, FusedBy<Direct>, UnfusedBy<Direct>>(1e-10, {3, 1}) == "");
}
