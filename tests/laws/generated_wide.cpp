// Generated networks whose images have 20, 33 channels: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "generated.hpp"

namespace {
auto const networks = laws::generate<laws::image_table<8, 8>, 23, 12, 20, 33>();
}

TEST_CASE("fused = unfused = reference: generated networks, wide", "[laws][generated]") {
  for (auto const& network : networks) CHECK(laws::broken_law(network, 1e-10) == "");
}
