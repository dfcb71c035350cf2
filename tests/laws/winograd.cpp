// Winograd's algorithms compute what the reference loops compute, at every edge, padding and number of channels.
#include "winograd.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace laws;

// Padding 0 and 2 in one network, and load and store sides on both ends of every convolution.
using between = Network<Image<16, 7, 10>, BN, ReLU, Conv<3, 33, Padding<2>>, BN, Tanh, Conv<3, 16, Padding<0>>,
                        Residual<Conv<3, 10>, BN, PReLU, Conv<3, 16>, BN>, ReLU>;

static_assert(is_tiled<between, 2> && is_tiled<between, 4> && is_tiled<between, 6>);
static_assert(is_tiled<alone<16, 1, 1, 16, 1>, 4> && is_tiled<alone<9, 7, 5, 9, 1>, 2>);
// Half a block of channels, where these fill no more; an image of as few, which comes in as planes, is not cut in
// tiles.
template<int Few, int Height, int Width, int Filters>
using later = Network<Image<9, Height, Width>, Conv<1, Few>, Tanh, Conv<3, Filters>>;
static_assert(!is_tiled<alone<8, 7, 5, 16, 1>, 2> && is_tiled<alone<16, 7, 5, 8, 1>, 2>);

std::vector<int> const batch_sizes{largest_batch, 1, 3};

}  // namespace

TEMPLATE_TEST_CASE("tiles of every size: Winograd = reference", "[laws][winograd]", (alone<16, 1, 1, 16, 1>),
                   (alone<16, 4, 4, 16, 1>), (alone<17, 5, 9, 33, 1>), (alone<33, 6, 3, 17, 0>),
                   (alone<20, 2, 8, 16, 2>), (alone<48, 3, 3, 16, 0>), (alone<9, 7, 5, 9, 1>), (alone<12, 9, 6, 40, 2>),
                   (alone<35, 4, 7, 13, 0>), (alone<16, 7, 5, 8, 1>), (alone<18, 5, 4, 1, 1>), (later<8, 9, 7, 8>),
                   (later<3, 6, 5, 20>), (later<1, 4, 9, 5>)) {
  CHECK(broken<TestType, double, FusedBy<Winograd<2>>, FusedBy<Winograd<4>>, FusedBy<Winograd<6>>>(1e-10,
                                                                                                   batch_sizes) == "");
}

TEST_CASE("with and without load and store sides: Winograd = reference", "[laws][winograd]") {
  CHECK(broken<between, double, FusedBy<Winograd<2>>, UnfusedBy<Winograd<2>>, FusedBy<Winograd<4>>,
               UnfusedBy<Winograd<4>>, FusedBy<Winograd<6>>>(1e-10, batch_sizes) == "");
}

// In float the direct sum of this network is off by up to 1e-6 of the largest number; tiles of 4×4 by ten times that.
TEST_CASE("the algorithms differ from double by no more than is stated", "[laws][winograd]") {
  CHECK(broken<between, float, FusedBy<Direct>, FusedBy<Winograd<2>>>(2e-5, {8}) == "");
  CHECK(broken<between, float, FusedBy<Winograd<4>>>(1e-4, {8}) == "");
}
