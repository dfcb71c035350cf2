// What takes a model takes a compiled one: it learns, and its weights go over to any other architecture.
#include "small_resnet.hpp"

#include <catch2/catch.hpp>
#include <laminate/support/random.hpp>
#include <laminate/train.hpp>

using namespace laminate;

TEST_CASE("a compiled model is trained, and another architecture goes on with its weights", "[architectures]") {
  using model_type = CompiledModel<SmallResNet>;
  dataset data{.sample = model_type::in, .classes = 10, .images = {}, .labels = {}};
  generator random{5};
  for (int i = 0; i < 60; ++i) {
    data.labels.push_back(i % 3);
    for (int k = 0; k < data.sample.size(); ++k)
      data.images.push_back(static_cast<float>(random.normal()) + static_cast<float>(i % 3));
  }
  auto const model = make_small_resnet({.seed = 1, .capacity = 20});
  score const before = evaluate(*model, data);
  fit(*model, data, fit_options{.epochs = 8, .batch = 20, .optimizer = SGD{.lr = 0.05, .momentum = 0.9}});
  score const after = evaluate(*model, data);
  CHECK(after.loss < before.loss / 2);
  for (auto const name : small_resnet_architectures) {
    if (!processor_has(name)) continue;
    auto const other = make_small_resnet({.architecture = name, .seed = 2, .capacity = 20});
    load_state_dict(*other, state_dict(*model));
    CHECK(evaluate(*other, data).loss == Approx(after.loss).epsilon(1e-3));
  }
}
