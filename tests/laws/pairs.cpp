// First convolutions to few channels, of which a vector holds two pixels where it holds 16 floats: = reference.
#include <catch2/catch.hpp>
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

}  // namespace

// Rows of an even and an odd number of pixels, of one and of several tiles; planes of more than one band; kernels of
// more taps than registers, larger than the image, of one tap.
TEMPLATE_TEST_CASE("two pixels in a vector = reference", "[laws][pairs]", (first<1, 28, 28, 5, 6>),
                   (first<3, 6, 7, 3, 8>), (first<2, 3, 37, 3, 5>), (first<1, 4, 66, 2, 1, Padding<0>>),
                   (first<3, 90, 33, 7, 4>), (first<2, 5, 5, 5, 8, Padding<0>>), (first<1, 3, 2, 7, 3>),
                   (first<15, 5, 4, 1, 7, Bias<false>>), (first<1, 6, 9, 4, 2, Padding<3>>)) {
  CHECK(laws::broken<TestType, float, Fused, Unfused>(1e-5, {3, 1}) == "");
}
