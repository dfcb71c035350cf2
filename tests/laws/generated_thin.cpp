// Generated networks whose images have 1, 3, 16 channels: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "generated.hpp"

namespace {
auto const networks = laws::generate<laws::image_table<9, 7>, 0, 12, 1, 3, 16>();
}

TEST_CASE("fused = unfused = reference: generated networks, thin", "[laws][generated]") {
  for (auto const& network : networks) CHECK(laws::broken_law(network, 1e-10) == "");
}
