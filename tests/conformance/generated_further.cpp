// Generated networks of factors, layer normalisation, upsampling and transposed convolutions: the reference in double
// equals libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

TEST_CASE("reference = libtorch: generated networks, further words", "[conformance]") {
  auto const images = conformance::generate<laws::further_table, 400, 24, 2, 6>();
  auto const features = conformance::generate<laws::further_feature_table, 400, 12, 2, 6>();
  CHECK(conformance::broken_conformance(images, 1e-10) == "");
  CHECK(conformance::broken_conformance(features, 1e-10) == "");
}
