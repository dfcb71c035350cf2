// The zoo's residual networks in full depth, narrow and of small images: the reference and fused kernels, in double,
// equal libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

using namespace laminate;
using conformance::broken_in_double;

TEST_CASE("reference and fused = libtorch: residual networks in full depth", "[conformance]") {
  using Small = Image<3, 8, 8>;
  CHECK(broken_in_double<zoo::Plain<56, 4, 2, Small>, zoo::ResNet<32, 4, 2, zoo::Padded, Small>,
                         zoo::PreactivationResNet<20, 4, 2, Small>, zoo::WideResNet<16, 4, 4, 2, Small>,
                         zoo::SEResNet<20, 4, 16, Small>>() == "");
}
TEST_CASE("reference and fused = libtorch: residual networks of large images in full depth", "[conformance]") {
  using Larger = Image<3, 64, 64>;
  CHECK(broken_in_double<zoo::ResNet18<4, 4, Larger>, zoo::ResNet34<4, 4, Larger>, zoo::ResNet50<4, 4, Larger>,
                         zoo::SEResNet50<4, 4, Larger>>() == "");
}
