// The zoo's networks of fire, Inception, dense and separable blocks in full depth, narrow and of small images: the
// reference and fused kernels, in double, equal libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

using namespace laminate;
using conformance::broken_in_double;

TEST_CASE("reference and fused = libtorch: frugal networks in full depth", "[conformance]") {
  using Larger = Image<3, 64, 64>;
  CHECK(broken_in_double<zoo::SqueezeNet<4, 8, Larger>, zoo::GoogLeNet<4, Larger, 1>,
                         zoo::DenseNetBC<40, 2, 4, Image<3, 8, 8>>, zoo::MobileNet<4, 25, Larger>,
                         zoo::MobileNetV2<4, 25, Larger>>() == "");
}
