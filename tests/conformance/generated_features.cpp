// Generated networks of features: the reference in double equals libtorch.
#include "conformance.hpp"

#include <catch2/catch.hpp>

TEST_CASE("reference = libtorch: generated networks of features", "[conformance]") {
  auto const all = conformance::generate<laws::feature_table, 400, 54, 1, 3, 8>();
  CHECK(conformance::broken_conformance(all, 1e-10) == "");
}
