// AnyModel: the same numbers as the Model it holds, and Model's interface to whatever trains and keeps it.
#include <laminate/data/synthetic.hpp>
#include <laminate/io/checkpoint.hpp>
#include <laminate/layers.hpp>
#include <laminate/model/any_model.hpp>
#include <laminate/model/costs.hpp>
#include <laminate/model/gradient_norms.hpp>
#include <laminate/support/random.hpp>
#include <laminate/train/fit.hpp>
#include <laminate/train/optimizer/sgd.hpp>

#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xtensor.hpp>

using namespace laminate;

namespace {

template<int Width>
using Net = Network<Image<1, 6, 6>, AvgPool<2>, Flatten, Dense<Width>, BN, ReLU, Dropout<0.2>, Dense<10>>;
using Any = AnyModel<Net<3>, Net<5>, Model<Net<3>, Reference>>;

template<class Model> std::vector<float> trained(Model& model) {
  std::vector<float> x(4 * 36), y(4 * 10), dx(x.size()), seen;
  generator random{1};
  for (float& v : x) v = static_cast<float>(random.normal());
  auto const note = [&](auto const& values) { seen.insert(seen.end(), values.begin(), values.end()); };
  model.forward(std::span<float const>(x), std::span<float>(y));
  note(y);
  model.backward(std::span<float const>(y), std::span<float>(dx));
  note(dx);
  note(model.gradients());
  for (gradient_norm const& layer : gradient_norms(model)) note(std::vector{layer.norm});
  optimizer{SGD{.lr = 0.1}, model}.step(model);
  model.infer(std::span<float const>(x), std::span<float>(y));
  note(y);
  for (auto const& t : state_dict(model)) note(t.values);
  for (auto const& t : gradients(model)) note(t.values);
  return seen;
}

}  // namespace

TEST_CASE("AnyModel computes what the model it holds computes", "[any_model]") {
  Model<Net<3>> first{7, 4};
  Model<Net<5>> second{7, 4};
  Model<Net<3>, Reference> third{7, 4};
  Any any_first{0, 7, 4}, any_second{1, 7, 4}, any_third{2, 7, 4};
  CHECK(trained(any_first) == trained(first));
  CHECK(trained(any_second) == trained(second));
  CHECK(trained(any_third) == trained(third));
  CHECK(any_second.which() == 1);
  CHECK(any_second.capacity() == 4);
  CHECK(any_second.batches_tracked() == 1);
  CHECK(any_second.parameters().size() == second.parameters().size());
  CHECK(any_second.random_state() == second.random_state());
  any_second.threads(1);
  CHECK(any_second.threads() == 1);
  CHECK(any_first.visit([](auto const& m) { return parameters<typename std::decay_t<decltype(m)>::network>(); }) ==
        parameters<Net<3>>());
}

TEST_CASE("AnyModel takes tensors", "[any_model]") {
  Any any{1, 7, 4};
  xt::xtensor<float, 4> x = xt::ones<float>({2, 1, 6, 6});
  xt::xtensor<float, 2> const y = any.infer(0.5f * x);
  CHECK(y.shape()[0] == 2);
  CHECK(y.shape()[1] == 10);
  CHECK_THROWS_AS(any.infer(xt::ones<float>({2, 1, 5, 6})), error);
  CHECK_THROWS_AS(any.infer(xt::ones<float>({2, 36})), error);
}

TEST_CASE("networks of an AnyModel may tell different numbers of classes apart", "[any_model]") {
  using OfClasses =
      AnyModel<Network<Image<1, 28, 28>, Flatten, Dense<10>>, Network<Image<1, 28, 28>, AvgPool<4>, Flatten, Dense<5>>>;
  OfClasses ten{0, 7, 8}, five{1, 7, 8};
  CHECK(ten.out.channels == 10);
  CHECK(five.out.channels == 5);
  xt::xtensor<float, 4> const x = xt::ones<float>({2, 1, 28, 28});
  CHECK(ten.infer(x).shape()[1] == 10);
  CHECK(five.infer(x).shape()[1] == 5);
  std::vector<float> const one(28 * 28);
  std::vector<float> y(10);
  CHECK_THROWS_AS(five.infer(std::span(one), std::span(y)), error);
  OfClasses changed{0, 7, 8};
  changed = OfClasses{1, 7, 8};
  CHECK(changed.out.channels == 5);
  auto const data = generate_shapes(16, 8, 1);  // of ten classes
  CHECK(evaluate(ten, data.test).loss > 0);
  CHECK_THROWS_WITH(evaluate(five, data.test), "data set: the model tells 5 classes apart, found 10");
}

TEST_CASE("AnyModel refuses a number that is not in its list", "[any_model]") {
  CHECK_THROWS_WITH((Any{3}), "AnyModel: expected one of its 3 networks, found number 3");
  CHECK_THROWS_AS((Any{-1}), error);
}

TEST_CASE("AnyModel is trained, saved and loaded as a Model is", "[any_model]") {
  using Two = AnyModel<Network<Image<1, 28, 28>, Flatten, Dense<10>>,
                       Network<Image<1, 28, 28>, AvgPool<7>, Flatten, Dense<10>>>;
  Two model{1, 7, 16};
  auto const data = generate_shapes(64, 16, 1);
  auto const past = fit(model, data.train, fit_options{.epochs = 1, .batch = 16, .evaluation = &data.test});
  CHECK(past.size() == 1);
  auto const file = std::filesystem::temp_directory_path() / "laminate_any_model.safetensors";
  save(model, file);
  Two other{1, 8, 16}, smaller{0, 8, 16};
  load(other, file);
  CHECK(state_dict(other)[0].values == state_dict(model)[0].values);
  CHECK_THROWS_AS(load(smaller, file), error);
  std::filesystem::remove(file);
}
