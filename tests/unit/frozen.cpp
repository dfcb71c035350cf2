// A frozen model computes what the model does whose weights it has, bit by bit; and what freeze writes.
#include "scratch_folder.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/io/freeze.hpp>
#include <laminate/layers.hpp>
#include <laminate/model/frozen_model.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/train/evaluate.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <vector>

using namespace laminate;
using Catch::Matchers::Contains;

namespace {

// Its residual block is small, where Auto would choose the direct algorithm; this policy brings transformed weights.
using Tiled = FusedBy<Winograd<4>>;
using Net = Network<Image<3, 6, 6>, Conv<3, 16, Bias<true>>, BN, PReLUPerChannel,
                    Residual<Shortcut<Conv<1, 16>>, Conv<3, 16>>, Concat<Identity, Tanh>, Flatten, Dense<4>>;
static_assert(std::ranges::any_of(memory::planning<Net, Tiled, pass::inference>::plan.steps,
                                  [](fusion::step const& s) { return s.code.by != algorithm::direct; }));

std::vector<float> kept(8192);

// As laminate_embed_weights would make it, but for the order and a stranger, which do not matter.
struct weights {
  static constexpr std::array tensors{frozen_tensor{"6.bias", 1, {4}, 8100},
                                      frozen_tensor{"0.weight", 4, {16, 3, 3, 3}, 0},
                                      frozen_tensor{"0.bias", 1, {16}, 432},
                                      frozen_tensor{"1.weight", 1, {16}, 448},
                                      frozen_tensor{"1.bias", 1, {16}, 464},
                                      frozen_tensor{"1.running_mean", 1, {16}, 480},
                                      frozen_tensor{"1.running_var", 1, {16}, 496},
                                      frozen_tensor{"1.num_batches_tracked", 0, {}, 0},
                                      frozen_tensor{"2.weight", 1, {16}, 512},
                                      frozen_tensor{"3.body.0.weight", 4, {16, 16, 3, 3}, 528},
                                      frozen_tensor{"3.body.0.bias", 1, {16}, 2832},
                                      frozen_tensor{"3.shortcut.0.weight", 4, {16, 16, 1, 1}, 2848},
                                      frozen_tensor{"3.shortcut.0.bias", 1, {16}, 3104},
                                      frozen_tensor{"6.weight", 2, {4, 1152}, 3120}};
  static float const* numbers() { return kept.data(); }
};
struct without_a_tensor {
  static constexpr auto tensors = [] {
    auto all = weights::tensors;
    all[9].dims[3] = 2;
    return all;
  }();
};
struct no_weights {
  static constexpr std::array<frozen_tensor, 0> tensors{};
  static float const* numbers() { return kept.data(); }
};
static_assert(frozen_places<Net, weights>[0] == 1 && frozen_places<Net, weights>[7] == 9);
static_assert(frozen_places<Net, without_a_tensor>[7] == -1 && frozen_places<Net, without_a_tensor>[6] == 8);

}  // namespace

TEST_CASE("names of frozen tensors are those of state_dict, whole") {
  for (auto const& [name, shape, i, learned] : entries_of<Net>()) {
    if (i < 0) continue;
    parameter const& p = parameters_of<Net>[static_cast<std::size_t>(i)];
    layer_path const& at = graph_of<Net>.nodes[p.node].at;
    INFO(name);
    CHECK(detail::is_name_of(name, at, p.kind));
    CHECK_FALSE(detail::is_name_of("1" + name, at, p.kind));
    CHECK_FALSE(detail::is_name_of(name + "s", at, p.kind));
    CHECK_FALSE(detail::is_name_of(name.substr(1), at, p.kind));
  }
  layer_path deep{.steps = {110, layer_path::branches, 20}, .depth = 3};
  CHECK(detail::is_name_of("110.branches.20.weight", deep, parameter_kind::weight));
  CHECK_FALSE(detail::is_name_of("110.branches.2.weight", deep, parameter_kind::weight));
}

TEST_CASE("a frozen model computes what the model does, bit by bit") {
  generator random{3};
  for (float& v : kept) v = static_cast<float>(random.uniform(0.1, 0.6));
  Model<Net, Tiled> model{1, 3};
  auto state = state_dict(model);
  for (auto& t : state)
    for (auto const& frozen : weights::tensors)
      if (t.name == frozen.name) std::copy_n(kept.begin() + frozen.first, t.values.size(), t.values.begin());
  load_state_dict(model, state);
  auto const frozen = std::make_unique<FrozenModel<Net, weights, 3, Tiled>>();
  for (int const samples : {1, 3, 2}) {
    std::vector<float> x(static_cast<std::size_t>(samples * model.in.size())), y(static_cast<std::size_t>(samples) * 4),
        z = y;
    for (float& v : x) v = static_cast<float>(random.normal());
    model.infer(x, y);
    REQUIRE(frozen->infer(x, z));
    CHECK(y == z);
    if (samples == 1)
      CHECK(frozen->classify(x) == std::ranges::max_element(y) - y.begin());
    else
      CHECK(frozen->classify(x) == -1);
  }
  std::vector<float> x(4 * 108), y(16);
  CHECK_FALSE(frozen->infer(x, y));
  CHECK_FALSE(frozen->infer(std::span(x).first(107), std::span(y).first(4)));
  CHECK_FALSE(frozen->infer(std::span(x).first(108), y));
  CHECK_FALSE(frozen->infer({}, {}));

  // Not in batches of more samples than it takes, which it would leave as they are.
  dataset test{{3, 6, 6}, 4, std::vector<float>(7 * 108), {0, 1, 2, 3, 0, 1, 2}};
  for (float& v : test.images) v = static_cast<float>(random.normal());
  CHECK(evaluate(*frozen, test).loss == evaluate(model, test).loss);
  CHECK_THROWS_WITH(evaluate(*frozen, test, 4), Contains("expected 1..3"));
}

TEST_CASE("a network without parameters is frozen, too") {
  using Bare = Network<Image<1, 2, 2>, ReLU, Flatten>;
  tests::scratch_folder folder;
  Model<Bare> model{1, 1};
  save(model, folder.path / "bare.safetensors");
  freeze(folder.path / "bare.safetensors", folder.path, "bare");
  CHECK_THAT(tests::content_of(folder.path / "bare.hpp"), Contains("std::array<laminate::frozen_tensor, 0> tensors{"));
  FrozenModel<Bare, no_weights> frozen;
  std::vector<float> const x{-1, 2, 3, -4};
  std::vector<float> y(4);
  REQUIRE(frozen.infer(x, y));
  CHECK(y == std::vector<float>{0, 2, 3, 0});
}

TEST_CASE("freeze writes names, shapes, numbers, extras and notes as source") {
  tests::scratch_folder folder;
  Model<Net> model{1, 1};
  save(model, folder.path / "net.safetensors", {{"scaling.mean", {0.1f}}}, {{"classes", "\"é\"\n\\"}});
  freeze(folder.path / "net.safetensors", folder.path, "net");
  std::string const header = tests::content_of(folder.path / "net.hpp");
  CHECK_THAT(header, Contains("laminate::frozen_tensor{\"3.body.0.weight\", 4, {16, 16, 3, 3}, "));
  CHECK_THAT(header, Contains("static constexpr std::array<float, 1> scaling_mean{0x1.99999ap-4f};"));
  CHECK_THAT(header, Contains("std::string_view classes = \"\\042\\303\\251\\042\\012\\134\";"));
  std::string const numbers = tests::content_of(folder.path / "net.bin");
  std::vector<float> first(432), stored(432);
  model.read_parameter(0, first);
  std::memcpy(stored.data(), numbers.data() + 64,
              432 * sizeof(float));  // after num_batches_tracked, which comes first
  CHECK(stored == first);
  CHECK_THROWS_WITH(freeze(folder.path / "none", folder.path, "net"), Contains("none: no such file"));
}
