// Generated networks, frozen, compute what they did before.
#include <catch2/catch.hpp>

#include "frozen.hpp"

using namespace laminate;

TEST_CASE("freeze(model) = model: generated networks", "[laws][frozen]") {
  auto const images = std::make_integer_sequence<int, 23>{};  // every section of each table
  for (auto const& broken : laws::broken_when_frozen<laws::image_table<8, 8>, 0, 3, 20>(1e-11, images))
    CHECK(broken == "");
  auto const further = std::make_integer_sequence<int, 13>{};
  for (auto const& broken : laws::broken_when_frozen<laws::further_table<7, 9>, 100, 5, 17>(1e-11, further))
    CHECK(broken == "");
  auto const features = std::make_integer_sequence<int, 6>{};
  for (auto const& broken : laws::broken_when_frozen<laws::feature_table, 0, 5, 17>(1e-11, features))
    CHECK(broken == "");
  auto const further_features = std::make_integer_sequence<int, 4>{};
  for (auto const& broken : laws::broken_when_frozen<laws::further_feature_table, 100, 5, 17>(1e-11, further_features))
    CHECK(broken == "");
}
