// Generated networks of the words that segmentation networks, transformers of images and attention are made of:
// fused = unfused = reference.
#include <catch2/catch.hpp>

#include "generated.hpp"

namespace {
auto const images = laws::generate<laws::further_table<7, 9>, 100, 13, 5, 17>();
auto const features = laws::generate<laws::further_feature_table, 100, 4, 5, 17>();
}  // namespace

TEST_CASE("fused = unfused = reference: generated networks, further words", "[laws][generated]") {
  for (auto const& network : images) CHECK(laws::broken_law(network, 1e-10) == "");
  for (auto const& network : features) CHECK(laws::broken_law(network, 1e-10) == "");
}
