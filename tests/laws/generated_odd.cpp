// Generated networks whose images have 5, 17 channels: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "generated.hpp"

namespace {
auto const networks = laws::generate<laws::image_table<7, 9>, 12, 11, 5, 17>();
}

TEST_CASE("fused = unfused = reference: generated networks, odd", "[laws][generated]") {
  for (auto const& network : networks) CHECK(laws::broken_law(network, 1e-10) == "");
}
