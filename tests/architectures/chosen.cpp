// The example's model, compiled for several architectures: each computes the same, one can be asked for, what is not
// there is refused. Compiled for any processor: with qemu this also runs on ones older than all its kernels but the
// oldest.
#include "laws/comparison.hpp"
#include "small_resnet.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace laminate;
using Net = SmallResNet;

namespace {

std::string best() {
  for (auto const name : small_resnet_architectures)
    if (processor_has(name)) return std::string(name);
  return "";
}

std::string message_of(auto&& make) try {
  make();
  return "";
} catch (error const& failure) {
  return failure.what();
}

}  // namespace

TEST_CASE("every architecture computes what the reference does", "[architectures]") {
  auto const reference = laws::make_specimen<Net, Reference>();
  auto const start = laws::disturbed(reference->state(), reference->nodes);
  std::vector<int> const batches{2, 3};
  auto const expected = laws::observe_from(start, *reference, batches);
  for (auto const name : small_resnet_architectures) {
    if (!processor_has(name)) continue;
    auto const model = make_small_resnet({.architecture = name, .seed = 1, .capacity = laws::largest_batch});
    laws::specimen_around<CompiledModel<Net>> measured(*model);
    INFO(name);
    CHECK(laws::joined(laws::differences(laws::observe_from(start, measured, batches), expected, 1e-4)) == "");
  }
}

TEST_CASE("the best architecture is chosen, or the one asked for", "[architectures]") {
  char const* const said = std::getenv("EXPECTED_ARCHITECTURE");
  CHECK(make_small_resnet()->architecture() == (said ? said : best()));
  for (auto const name : small_resnet_architectures)
    if (processor_has(name)) CHECK(make_small_resnet({.architecture = name})->architecture() == name);
}

TEST_CASE("an architecture that is not there is refused by its name", "[architectures]") {
  using Catch::Contains;
  auto const make = [](std::string_view name) { return [=] { make_small_resnet({.architecture = name}); }; };
  CHECK_THAT(message_of(make("pentium")), Contains("small_resnet") && Contains("found pentium") && Contains(best()));
  for (auto const name : small_resnet_architectures)
    if (!processor_has(name)) CHECK_THAT(message_of(make(name)), Contains("this processor is no " + std::string(name)));

  // And one that no processor is yet.
  compiled_choice<Net, float> const future[] = {{"x86-64-v9", nullptr}};
  auto const choose = [&](std::string_view name) {
    return [&future, name] { make_compiled<Net, float>("net", future, {.architecture = name}); };
  };
  CHECK_THAT(message_of(choose("x86-64-v9")), Contains("net: this processor is no x86-64-v9"));
  CHECK_THAT(message_of(choose("")), Contains("one of x86-64-v9, found none"));
}

TEST_CASE("errors and options pass through the interface", "[architectures]") {
  auto const model = make_small_resnet({.seed = 3, .capacity = 2});
  CHECK(model->capacity() == 2);
  std::vector<float> x(3 * model->in.size()), y(3 * model->out.size());
  CHECK_THAT(message_of([&] { model->infer(x, y); }), Catch::Contains("over the model's capacity of 2"));
  Model<Net, Reference> const same{3};
  auto const theirs = state_dict(*model), ours = state_dict(same);
  REQUIRE(theirs.size() == ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i) CHECK(theirs[i].values == ours[i].values);
}
