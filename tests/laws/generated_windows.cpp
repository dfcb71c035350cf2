// Generated networks of windows of every size and of features; and what all generated networks cover together.
#include <catch2/catch.hpp>

#include "generated.hpp"

namespace {
auto const windows = laws::generate<laws::window_table<9, 7>, 48, 11, 1, 6, 17>();
auto const features = laws::generate<laws::feature_table, 59, 9, 3, 16, 33>();
}  // namespace

TEST_CASE("fused = unfused = reference: generated windows", "[laws][generated]") {
  for (auto const& network : windows) CHECK(laws::broken_law(network, 1e-10) == "");
}

TEST_CASE("fused = unfused = reference: generated networks of features", "[laws][generated]") {
  for (auto const& network : features) CHECK(laws::broken_law(network, 1e-10) == "");
}

TEST_CASE("the generated networks cover every word and option", "[laws][generated]") {
  CHECK(laws::covered().networks >= 60);
  std::vector<std::string> expected{"Image",
                                    "Features",
                                    "an odd size",
                                    "depthwise",
                                    "groups",
                                    "Conv dilation 2",
                                    "Conv with padding given",
                                    "MaxPool overlapping",
                                    "MaxPool padded",
                                    "AvgPool overlapping",
                                    "AvgPool padded"};
  auto const expect = [&](char const* what, std::initializer_list<int> all) {
    for (int n : all) expected.push_back(laws::with_number(what, n));
  };
  auto const expect_roles = [&](char const* what, std::initializer_list<laminate::role> all) {
    for (auto r : all) expected.push_back(laws::with_number(what, static_cast<int>(r)));
  };
  for (int r = 0; r <= static_cast<int>(laminate::role::close); ++r)
    if (r != static_cast<int>(laminate::role::custom))  // see custom.cpp
      expected.push_back(laws::with_number("role", r));
  expect("Conv kernel", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  expect("Conv stride", {1, 2, 3, 4});
  expect("Conv bias", {0, 1, 2});  // automatic, yes, no
  expect("Dense bias", {0, 1, 2});
  expect("channels", {1, 3, 5, 16, 17, 20, 33});
  expect("Concat of", {2, 3, 4});
  using enum laminate::role;
  expect_roles("Residual beginning with role", {convolution, normalisation, activation, dense, open_shortcut,
                                                open_residual, open_concatenation, open_sequence, close});
  expect_roles("BN after role", {input, convolution, dense, activation, concatenation, global_average_pool});
  [&]<class... Activations>(std::tuple<Activations...>*) {
    (expected.push_back(laws::spelled<Activations>()), ...);
  }(static_cast<laws::activation_table*>(nullptr));

  for (auto const& what : expected) {
    INFO(what);
    CHECK(laws::covered().words.contains(what));
  }
}
