// Generated networks of images: the reference in double equals libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

TEST_CASE("reference = libtorch: generated networks of images", "[conformance]") {
  auto const all = conformance::generate<laws::image_table<7, 9>, 100, 92, 1, 2, 3, 6>();
  CHECK(conformance::broken_conformance(all, 1e-10) == "");
}
