// Generated networks: what runs by default, fused kernels in float, equals libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

TEST_CASE("fused in float = libtorch: generated networks", "[conformance]") {
  auto const all = conformance::generate<laws::image_table<9, 7>, 16, 8, 5, 17>(laminate::Fused{}, 0.0f);
  CHECK(conformance::broken_conformance(all, 1e-4) == "");
}
