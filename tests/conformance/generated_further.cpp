// Generated networks of factors, layer normalisation, upsampling and transposed convolutions: the reference in double
// equals libtorch. Not of 2 channels: a LayerNorm over them is almost a step, which ten steps of training do not
// repeat.
#include "conformance.hpp"

#include <catch2/catch.hpp>

TEST_CASE("reference = libtorch: generated networks, further words", "[conformance]") {
  auto const images = conformance::generate<laws::further_table<9, 7>, 430, 24, 5, 8>();
  auto const features = conformance::generate<laws::further_feature_table, 430, 12, 5, 8>();
  CHECK(conformance::broken_conformance(images, 1e-10) == "");
  CHECK(conformance::broken_conformance(features, 1e-10) == "");
}
