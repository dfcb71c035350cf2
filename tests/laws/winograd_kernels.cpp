// Winograd's algorithms of kernels other than 3×3 compute what the reference loops compute.
#include "winograd.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace laws;

// Paddings 0, 3 and 4, and tiles of two kernels, with load and store sides on both ends.
using between = Network<Image<16, 7, 10>, BN, ReLU, Conv<5, 33, Padding<4>>, BN, Tanh, Conv<5, 16, Padding<3>>,
                        Residual<Conv<5, 7>, BN, PReLU, Conv<3, 16>, BN>, ReLU, Conv<5, 9, Padding<0>>>;
// Nothing here has a kink, at which another rounding gives another slope.
using smooth = Network<Image<16, 9, 10>, Conv<5, 33, Padding<4>>, BN, Tanh, Conv<5, 16>, BN, Tanh, Conv<3, 9>>;

// Few channels, for which a vector of 512 bits is half of one.
using few = Network<Image<9, 9, 8>, Conv<1, 6>, Tanh, Conv<3, 8>, Tanh, Conv<5, 20>, Tanh, Conv<3, 3>>;

static_assert(is_tiled<between, 2> && is_tiled<between, 4> && is_tiled<between, 6>);
static_assert(!is_tiled<alone<16, 8, 8, 16, 4, 8>, 2>, "one output of 64 products");

std::vector<int> const batch_sizes{largest_batch, 1, 3};

}  // namespace

TEMPLATE_TEST_CASE("kernels of 2×2 to 7×7, by tiles = reference", "[laws][winograd]", (alone<16, 1, 1, 16, 2, 5>),
                   (alone<17, 5, 9, 33, 2, 5>), (alone<33, 6, 5, 17, 0, 5>), (alone<9, 9, 6, 24, 4, 5>),
                   (alone<12, 13, 14, 9, 1, 2>), (alone<16, 5, 4, 20, 2, 4>), (alone<10, 3, 4, 18, 5, 6>),
                   (alone<18, 7, 6, 12, 3, 7>), (alone<20, 9, 5, 6, 0, 5>)) {
  CHECK(broken<TestType, double, FusedBy<Winograd<2>>, FusedBy<Winograd<6>>>(1e-10, batch_sizes) == "");
}

TEST_CASE("with load and store sides, and run again: tiles of 5×5 = reference", "[laws][winograd]") {
  CHECK(broken<between, double, FusedBy<Winograd<2>>, FusedBy<Winograd<4>>, RecomputeBy<Winograd<4>>>(
            1e-10, batch_sizes) == "");
}

TEST_CASE("tiles of 8×8 differ from double by no more than is stated", "[laws][winograd]") {
  CHECK(broken<smooth, float, FusedBy<Direct>, FusedBy<Winograd<2>>>(2e-5, {8}) == "");
  CHECK(broken<smooth, float, FusedBy<Winograd<6>>>(1e-4, {8}) == "");
  CHECK(broken<few, float, FusedBy<Winograd<4>>>(1e-4, {8, 1}) == "");
}
