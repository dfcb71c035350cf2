// recalibrate_batch_norm: statistics of the whole set, for every policy.
#include <laminate/laminate.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace laminate;
using Catch::Matchers::Contains;

namespace {

using Net = Network<Image<2, 4, 4>, BN, Conv<3, 4>, BN, ReLU, GlobalAvgPool, Dropout<0.5>, Dense<3>>;

dataset random_images(int count, std::uint64_t seed) {
  dataset data{{2, 4, 4}, 3, {}, {}};
  generator random{seed};
  for (int i = 0; i < count; ++i) {
    data.labels.push_back(i % 3);
    for (int k = 0; k < 32; ++k)  // the second channel far from 0, and every sample with a mean of its own
      data.images.push_back(static_cast<float>(random.normal() + (k < 16 ? 0 : 50) + i % 5));
  }
  return data;
}

template<class Model> auto values_of(Model const& model, std::string const& name) {
  for (auto const& t : state_dict(model))
    if (t.name == name) return t.values;
  throw error("no such tensor", name);
}

/// Mean and unbiased variance of channel c, in two passes.
std::pair<double, double> moments(std::span<double const> x, shape of, int c) {
  std::vector<double> values;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (static_cast<int>(i / of.pixels()) % of.channels == c) values.push_back(x[i]);
  double mean = 0, squares = 0;
  for (double v : values) mean += v / static_cast<double>(values.size());
  for (double v : values) squares += (v - mean) * (v - mean);
  return {mean, squares / static_cast<double>(values.size() - 1)};
}

template<class Model> void check_first_layer(Model& model, dataset const& data, double tolerance) {
  std::vector<double> const x(data.images.begin(), data.images.end());
  for (int c = 0; c < 2; ++c) {
    auto const [mean, variance] = moments(x, data.sample, c);
    CHECK(values_of(model, "0.running_mean")[c] == Approx(mean).epsilon(tolerance).margin(tolerance));
    CHECK(values_of(model, "0.running_var")[c] == Approx(variance).epsilon(tolerance));
  }
}

}  // namespace

TEST_CASE("recalibration measures the whole set, in batches of any size") {
  auto const data = random_images(103, 1);
  for (int const batch : {0, 1, 3, 7, 51, 102, 103}) {  // those of 3, 51 and 102 leave a last batch of one sample
    Model<Net, Reference, double> model{1, 103};
    recalibrate_batch_norm(model, data, batch);
    check_first_layer(model, data, 103 % (batch ? batch : 103) == 1 ? 0.02 : 1e-9);
  }
  Model<Net> single{1, 64};
  recalibrate_batch_norm(single, data);
  check_first_layer(single, data, 1e-4);
}

TEST_CASE("recalibration reaches layers behind others") {
  auto const data = random_images(60, 2);
  Model<Net, Reference, double> model{1, 60};
  recalibrate_batch_norm(model, data);
  std::vector<double> const x(data.images.begin(), data.images.end());
  std::vector<double> y(60 * 3);
  model.infer(x, y);  // with the first layer's statistics of the set, which are those of the one batch
  auto const layers = layer_results(model);
  for (int c = 0; c < 4; ++c) {
    auto const [mean, variance] = moments(layers[2].output, {4, 4, 4}, c);
    CHECK(values_of(model, "2.running_mean")[c] == Approx(mean).epsilon(1e-2).margin(1e-6));
    CHECK(values_of(model, "2.running_var")[c] == Approx(variance).epsilon(1e-2));
  }
}

TEST_CASE("recalibration changes nothing but running statistics") {
  auto const data = random_images(20, 3);
  Model<Net> model{1, 8};
  auto const before = state_dict(model);
  auto const random = model.random_state();
  recalibrate_batch_norm(model, data);
  auto const after = state_dict(model);
  for (std::size_t i = 0; i < after.size(); ++i)
    CHECK((after[i].values == before[i].values) == (after[i].name.find("running") == std::string::npos));
  CHECK(model.random_state() == random);
  CHECK(model.batches_tracked() == 0);
  recalibrate_batch_norm(model, data);  // and what was there before does not matter
  auto const again = state_dict(model);
  for (std::size_t i = 0; i < after.size(); ++i) CHECK(again[i].values == after[i].values);
}

TEST_CASE("recalibration of an AnyModel is that of its model") {
  using Other = Network<Image<2, 4, 4>, Flatten, Dense<3>>;
  auto const data = random_images(20, 3);
  Model<Net> model{1, 8};
  AnyModel<Other, Net> any{1, 1, 8};
  recalibrate_batch_norm(model, data), recalibrate_batch_norm(any, data);
  auto const expected = state_dict(model), found = state_dict(any);
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(found[i].values == expected[i].values);
}

TEST_CASE("recalibration refuses what it cannot measure, and changes nothing") {
  Model<Network<Image<2, 4, 4>, BatchNorm<5, 0>, GlobalAvgPool, Dense<3>>, Reference> fixed{1, 8};
  CHECK_THROWS_WITH(recalibrate_batch_norm(fixed, random_images(8, 4)),
                    Contains("momentum above 0") && Contains(": 0"));
  CHECK(values_of(fixed, "0.running_var")[0] == 1);
  Model<Net> model{1, 8};
  CHECK_THROWS_WITH(recalibrate_batch_norm(model, random_images(8, 4), 9), Contains("expected 1..8"));
  CHECK_THROWS_WITH(recalibrate_batch_norm(model, dataset{{1, 4, 4}, 3, {}, {}}), Contains("2x4x4"));
  CHECK(values_of(model, "0.running_var")[0] == 1);
  Model<Network<Image<2, 4, 4>, Flatten, Dense<4>, BN, Dense<3>>> single{1, 8};
  CHECK_THROWS_WITH(recalibrate_batch_norm(single, random_images(1, 4)), Contains("one value per channel"));
  CHECK_THROWS_WITH(recalibrate_batch_norm(single, random_images(8, 4), 1), Contains("one value per channel"));
  CHECK(values_of(single, "2.running_var")[0] == 1);
}
