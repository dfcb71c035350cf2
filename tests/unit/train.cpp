// Everything in train/: losses, optimisers, schedules, metrics, and fit on a model small enough to check by
// hand.
#include "../laws/same_bits.hpp"
#include "linear_model.hpp"

#include <laminate/layers.hpp>
#include <laminate/model/inference_model.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/train/evaluate.hpp>
#include <laminate/train/fit.hpp>
#include <laminate/train/loss/mean_squared_error.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <laminate/train/metrics.hpp>
#include <laminate/train/optimizer/adam.hpp>
#include <laminate/train/optimizer/adam_w.hpp>
#include <laminate/train/optimizer/sgd.hpp>
#include <laminate/train/schedule/constant.hpp>
#include <laminate/train/schedule/cosine.hpp>
#include <laminate/train/schedule/step.hpp>
#include <laminate/train/schedule/warm_up.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace laminate;
using Catch::Matchers::Contains, Catch::Matchers::EndsWith;

namespace {

template<class T> using in = std::span<T const>;
template<class T> using out = std::span<T>;
using labels = std::vector<int>;
using model = tests::linear_model<float>;

/// Two classes in three features, told apart by x0 > x1, with some distance in between.
dataset separable(int count, std::uint64_t seed = 7) {
  dataset data{{3, 0, 0}, 2, {}, {}};
  generator random(seed);
  for (int i = 0; i < count; ++i) {
    int const label = i % 2;
    double const base = random.uniform(-1, 1), distance = random.uniform(0.3, 1.5);
    data.images.insert(data.images.end(),
                       {static_cast<float>(base + (label ? distance : 0)),
                        static_cast<float>(base + (label ? 0 : distance)), static_cast<float>(random.uniform(-1, 1))});
    data.labels.push_back(label);
  }
  return data;
}

/// Largest difference between a loss's gradient and central differences.
template<class Loss> double gradient_error(Loss const& loss, std::vector<double> y, labels const& l) {
  std::vector<double> dy(y.size()), unused(y.size());
  loss(in<double>(y), l, out<double>(dy));
  double most = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    double const h = 1e-5, kept = y[i];
    y[i] = kept + h;
    double const above = loss(in<double>(y), l, out<double>{}).mean;
    y[i] = kept - h;
    double const below = loss(in<double>(y), l, out<double>{}).mean;
    y[i] = kept;
    REQUIRE(dy[i] != 0);
    most = std::max(most, std::abs((above - below) / (2 * h) - dy[i]));
  }
  return most;
}

/// A model of one class whose two ranges get the same gradients by hand.
using single = tests::linear_model<double, 5, 3>;

template<class Rule>
std::vector<double> follow(Rule rule, double start, std::vector<double> const& gradients, bool bias) {
  single m;
  std::ranges::fill(m.parameters(), 0);
  for (auto const& r : m.ranges()) std::ranges::fill(m.parameters().subspan(r.first, r.size), start);
  optimizer by_rule{rule, m};
  std::vector<double> path;
  auto const range = m.ranges()[bias];
  for (double const g : gradients) {
    for (auto const& r : m.ranges()) std::ranges::fill(m.gradients_to_set().subspan(r.first, r.size), g);
    by_rule.step(m);
    path.push_back(m.parameters()[range.first]);
    // The last of 15 goes the scalar way, the first the vector's.
    REQUIRE(m.parameters()[range.first + range.size - 1] == Approx(path.back()).epsilon(1e-14));
    REQUIRE(m.parameters()[15] == 0);
  }
  REQUIRE(m.changes == static_cast<int>(gradients.size()));
  return path;
}

void require_near(std::vector<double> const& found, std::vector<double> const& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(1e-12));
}

}  // namespace

TEST_CASE("losses: values of PyTorch's documentation formulas, gradients of finite differences") {
  std::vector<double> const y{1, 2, 3, -1, 0.5, 0.25};
  labels const l{2, 0};
  SoftmaxCrossEntropy const cross_entropy;
  MeanSquaredError const squared;
  double const first = std::log(std::exp(1) + std::exp(2) + std::exp(3)) - 3;
  double const second = std::log(std::exp(-1) + std::exp(0.5) + std::exp(0.25)) + 1;
  auto const found = cross_entropy(in<double>(y), l, out<double>{});
  CHECK(found.mean == Approx((first + second) / 2).epsilon(1e-14));
  CHECK(found.correct == 1);
  CHECK(gradient_error(cross_entropy, y, l) < 1e-9);
  // (1 + 4 + 4 + 4 + .25 + .0625) / 6
  CHECK(squared(in<double>(y), l, out<double>{}).mean == Approx(13.3125 / 6).epsilon(1e-14));
  CHECK(gradient_error(squared, y, l) < 1e-9);

  std::vector<double> const targets{0, 2, 5, -1, 1, 0};
  std::vector<double> dy(6);
  CHECK(squared.against(in<double>(y), in<double>(targets), out<double>(dy)) == Approx(5.3125 / 6));
  CHECK(dy == std::vector<double>{2.0 / 6, 0, 2.0 / 6 * -2, 0, 2.0 / 6 * -0.5, 2.0 / 6 * 0.25});
}

TEST_CASE("softmax cross-entropy is stable for logits of ±1e4 and more") {
  for (float const size : {1e4f, 1e30f}) {
    std::vector<float> const y{size, -size, 0, -size, size, 0};
    std::vector<float> dy(6);
    auto const found = SoftmaxCrossEntropy{}(in<float>(y), labels{0, 0}, out<float>(dy));
    CHECK(found.mean == Approx(size));
    CHECK(dy == std::vector<float>{0, 0, 0, -0.5f, 0.5f, 0});
  }
}

TEST_CASE("losses refuse labels and sizes, naming the sample, before they write") {
  std::vector<float> const y(6);
  std::vector<float> dy(6, 7.0f), const_dy = dy;
  auto const call = [&](labels const& l, std::size_t gradient) {
    SoftmaxCrossEntropy{}(in<float>(y), l, out<float>(dy).first(gradient));
  };
  CHECK_THROWS_WITH(call({0, 3}, 6), Contains("labels of 0..2, found 3 at sample 1"));
  CHECK_THROWS_WITH(call({-1, 0}, 6), Contains("found -1 at sample 0"));
  CHECK_THROWS_AS(call({}, 6), error);
  CHECK_THROWS_AS(call({0, 0, 0, 0}, 6), error);
  CHECK_THROWS_WITH(call({0, 0}, 5), Contains("a gradient of 6 numbers, found 5"));
  CHECK(dy == const_dy);
}

TEST_CASE("SGD follows torch.optim.SGD's formula") {
  std::vector<double> const g{1, 2, -1};
  require_near(follow(SGD{.lr = 0.1}, 1, g, false), {0.9, 0.7, 0.8});
  // b = 1, 2.5, 0.25
  require_near(follow(SGD{.lr = 0.1, .momentum = 0.5}, 1, g, false), {0.9, 0.65, 0.625});
  // steps: 1 + .5·1, 2 + .5·2.5, −1 + .5·.25
  require_near(follow(SGD{.lr = 0.1, .momentum = 0.5, .nesterov = true}, 1, g, false), {0.85, 0.525, 0.6125});
  // g + 0.2·p = 1.2; 2 + 0.2·0.88 = 2.176; −1 + 0.2·0.6624 = −0.86752
  SGD decaying{.lr = 0.1, .weight_decay = 0.2};
  require_near(follow(decaying, 1, g, false), {0.88, 0.6624, 0.749152});
  require_near(follow(decaying, 1, g, true), {0.9, 0.7, 0.8});
  decaying.decay_everything = true;
  require_near(follow(decaying, 1, g, true), {0.88, 0.6624, 0.749152});
}

TEST_CASE("Adam and AdamW follow torch.optim's formulas, bias correction and decay included") {
  // With constant gradients m̂ = g and v̂ = g², whatever t: every step is lr · g / (|g| + eps).
  double const constant = 0.01 * 2 / (2 + 1e-8);
  require_near(follow(Adam{.lr = 0.01}, 1, {2, 2, 2}, false), {1 - constant, 1 - 2 * constant, 1 - 3 * constant});
  // By the formula with betas (0.5, 0.75): m = 0.5, −0.75 ; v = 0.25, 1.1875.
  double const p1 = 1 - 0.1 * (0.5 / 0.5) / (std::sqrt(0.25 / 0.25) + 1e-8);
  double const p2 = p1 - 0.1 * (-0.75 / 0.75) / (std::sqrt(1.1875 / 0.4375) + 1e-8);
  require_near(follow(Adam{.lr = 0.1, .betas = {0.5, 0.75}}, 1, {1, -2}, false), {p1, p2});
  // Adam's decay is part of the gradient, whose size Adam ignores; AdamW's is not.
  Adam const coupled{.lr = 0.1, .weight_decay = 0.5};
  require_near(follow(coupled, 1, {1}, false), {1 - 0.1 * 1.5 / (1.5 + 1e-8)});
  AdamW const decoupled{.lr = 0.1, .weight_decay = 0.5};
  require_near(follow(decoupled, 1, {1}, false), {1 - 0.1 * 0.5 - 0.1 / (1 + 1e-8)});
  require_near(follow(decoupled, 1, {1}, true), {1 - 0.1 / (1 + 1e-8)});
  CHECK(AdamW{}.weight_decay == 0.01);
}

TEST_CASE("optimisers refuse settings without meaning, and states of others") {
  single m;
  CHECK_THROWS_WITH((optimizer{SGD{.lr = -1}, m}), Contains("SGD: expected an lr of at least 0"));
  CHECK_THROWS_WITH((optimizer{SGD{.nesterov = true}, m}), Contains("momentum above 0 with nesterov"));
  CHECK_THROWS_WITH((optimizer{Adam{.betas = {0.9, 1}}, m}), Contains("Adam: expected betas in [0, 1)"));
  CHECK_THROWS_WITH((optimizer{AdamW{.eps = 0}, m}), Contains("AdamW: expected an eps above 0"));
  optimizer adam{Adam{}, m};
  training_state<double> state;
  adam.store(state);
  CHECK(state.optimizer == "Adam");
  CHECK(state.buffers.size() == 2);
  CHECK(state.buffers[1].name == "exp_avg_sq");
  CHECK_THROWS_WITH((optimizer{AdamW{}, m}.restore(state)),
                    Contains("expected the state of AdamW, found that of Adam"));
  state.buffers[0].values.pop_back();
  CHECK_THROWS_AS(adam.restore(state), error);
  state.buffers.clear();
  CHECK_THROWS_AS(adam.restore(state), error);
}

TEST_CASE("schedules") {
  using namespace schedule;
  CHECK(Constant{}(17, 20) == 1);
  Step const stairs{.step_size = 10, .gamma = 0.5};
  CHECK(stairs(0, 100) == 1);
  CHECK(stairs(9, 100) == 1);
  CHECK(stairs(10, 100) == 0.5);
  CHECK(stairs(39, 100) == 0.125);
  CHECK_THROWS_AS(Step{}(0, 1), error);
  Cosine const cosine{.last = 0.1};
  CHECK(cosine(0, 8) == 1);
  CHECK(cosine(4, 8) == Approx(0.55));
  CHECK(cosine(2, 8) == Approx(0.1 + 0.9 * (1 + std::sqrt(0.5)) / 2));
  CHECK(cosine(8, 8) == Approx(0.1));
  CHECK(cosine(99, 8) == Approx(0.1));
  WarmUp const warm{.steps = 4, .start_factor = 0.2, .then = Cosine{}};
  CHECK(warm(0, 12) == Approx(0.2));
  CHECK(warm(1, 12) == Approx(0.4));
  CHECK(warm(3, 12) == Approx(0.8));
  CHECK(warm(4, 12) == 1);
  CHECK(warm(8, 12) == Approx(0.5));
  CHECK(WarmUp{.steps = 3}(0, 3) == Approx(1.0 / 3));
  CHECK(WarmUp{}(0, 3) == 1);
  // A run shorter than its warm-up still learns.
  CHECK(WarmUp{.steps = 100, .then = Cosine{}}(2, 3) == Approx(1.0 / 3 + 2.0 / 3 * 0.02));
}

TEST_CASE("metrics") {
  std::vector<float> const y{1, 2, 0, 3, 1, 2, 5, 5, 1, 0, 0, 9};
  labels const l{1, 0, 1, 2};
  CHECK(accuracy(in<float>(y), l) == 0.75);
  confusion_matrix matrix(3);
  CHECK(matrix.accuracy() == 0);
  matrix.add(in<float>(y), l);
  CHECK(matrix.count(1, 0) == 1);
  CHECK(matrix.count(1, 1) == 1);
  CHECK(matrix.accuracy() == 0.75);
  CHECK(matrix.recall(1) == 0.5);
  CHECK(matrix.precision(0) == 0.5);
  CHECK(matrix.precision(2) == 1);
  CHECK_THROWS_WITH(matrix.add(3, 0), Contains("expected a class of 0..2, found 3"));
  weighted_mean mean;
  CHECK(mean.value() == 0);
  mean.add(1, 3);
  mean.add(5);
  CHECK(mean.value() == 2);
}

TEST_CASE("fit learns what can be learned, and reports in order") {
  dataset const train = separable(101), test = separable(40, 8);
  model m(3);
  std::vector<std::string> calls;
  auto const past = fit(m, train,
                        fit_options{.epochs = 20,
                                    .batch = 8,
                                    .seed = 5,
                                    .optimizer = SGD{.lr = 0.5, .momentum = 0.9},
                                    .schedule = schedule::Cosine{},
                                    .evaluation = &test,
                                    .on_batch =
                                        [&](batch_report const& now) {
                                          CHECK(now.batches == 13);
                                          CHECK(now.steps == 260);
                                          CHECK(now.step == (now.epoch - 1) * 13u + now.batch);
                                          if (now.epoch == 2) calls.push_back(std::to_string(now.batch));
                                        },
                                    .on_epoch =
                                        [&](epoch_report const& now) {
                                          if (now.epoch == 2) calls.push_back("epoch");
                                          if (now.epoch == 3) calls.push_back("next");
                                        }});
  CHECK(calls ==
        std::vector<std::string>{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "epoch", "next"});
  REQUIRE(past.size() == 20);
  CHECK(past.back().train.loss < past.front().train.loss / 3);
  CHECK(past.back().evaluation->accuracy == 1);
  CHECK(past.back().learning_rate == Approx(0.5 * schedule::Cosine{}(259, 260)));
  auto const found = evaluate(m, test), by_three = evaluate(m, test, 3);
  CHECK(found.loss == past.back().evaluation->loss);
  CHECK(found.loss == Approx(by_three.loss));
  CHECK(found.accuracy == by_three.accuracy);
}

TEST_CASE("a frozen model, which has no capacity, is judged like the model") {
  using Net = Network<Features<3>, Dense<5>, BN, ReLU, Dense<2>>;
  Model<Net> trained{1, 16};
  dataset const test = separable(150);
  auto frozen = freeze(trained);
  score const found = evaluate(frozen, test), expected = evaluate(trained, test);
  CHECK(found.loss == Approx(expected.loss).epsilon(1e-5));
  CHECK(found.accuracy == expected.accuracy);
  CHECK(evaluate(frozen, test, 150).accuracy == expected.accuracy);
  CHECK_THROWS_WITH(evaluate(frozen, test, -1), Contains("expected at least 1, found -1"));
}

TEST_CASE("fit takes any rule and loss, any scalar, and drops a last batch") {
  dataset const train = separable(60);
  tests::linear_model<double> m(3);
  int batches = 0;
  auto const past = fit(m, train,
                        fit_options{.epochs = 30,
                                    .batch = 8,
                                    .optimizer = AdamW{.lr = 0.05},
                                    .loss = MeanSquaredError{},
                                    .drop_last = true,
                                    .on_batch = [&](batch_report const&) { ++batches; }});
  CHECK(batches == 7 * 30);
  CHECK(past.back().train.accuracy > 0.95);
  CHECK(evaluate(m, train, 0, MeanSquaredError{}).loss < 0.1);
  CHECK(fit(m, train, fit_options{.epochs = 0, .batch = 8}).empty());
}

TEST_CASE("a run that was stopped and resumed is bitwise the run that was not") {
  dataset const train = separable(50);
  auto options = fit_options{.epochs = 4,
                             .batch = 8,
                             .seed = 11,
                             .optimizer = Adam{.lr = 0.03},
                             .schedule = schedule::WarmUp{.steps = 5, .then = schedule::Cosine{}}};
  model whole(1), parts(1);
  whole.noise = parts.noise = 0.3;
  training_state<float> at_the_end, state;
  auto const all = fit(whole, train, options, at_the_end);
  options.until = 1;
  auto past = fit(parts, train, options, state);
  CHECK(past.size() == 1);
  CHECK(state.epoch == 1);
  CHECK(state.step == 7);
  // The rest happens in another model, as after loading a file.
  model other(99);
  other.noise = 0.3;
  load_state_dict(other, state_dict(parts));
  options.until = 0;
  auto const rest = fit(other, train, options, state);
  CHECK(rest.size() == 3);
  CHECK(laws::same_bits(whole.parameters(), other.parameters()));
  CHECK(whole.mean == other.mean);
  CHECK(state == at_the_end);
  CHECK(rest.back().train.loss == all.back().train.loss);
  CHECK_FALSE(laws::same_bits(whole.parameters(), parts.parameters()));
  CHECK(fit(other, train, options, state).empty());
}

TEST_CASE("fit refuses a state, a data set, a batch that does not fit") {
  dataset const train = separable(50);
  model m(1);
  training_state<float> state;
  auto options = fit_options{.epochs = 2, .until = 1, .batch = 8, .seed = 11};
  fit(m, train, options, state);
  auto const kept = state;
  options.seed = 12;
  CHECK_THROWS_WITH(fit(m, train, options, state), Contains("expected the seed 11 of the run to resume, found 12"));
  options.seed = 11;
  options.batch = 4;
  CHECK_THROWS_WITH(fit(m, train, options, state), Contains("made 7 steps in 1 epochs"));
  auto const adam = fit_options{.epochs = 2, .batch = 8, .seed = 11, .optimizer = Adam{}};
  CHECK_THROWS_WITH(fit(m, train, adam, state), Contains("expected the state of Adam, found that of SGD"));
  CHECK(state == kept);
  CHECK_THROWS_WITH(fit(m, train, fit_options{.batch = 9}), Contains("expected 1..8 (the model's capacity), found 9"));
  CHECK_THROWS_AS(fit(m, train, fit_options{.batch = 0}), error);
  dataset wrong = train;
  wrong.sample = {3, 1, 1};
  CHECK_THROWS_WITH(fit(m, wrong), Contains("the model wants 3 features, found images of 3x1x1"));
  wrong = train;
  wrong.classes = 3;
  CHECK_THROWS_WITH(evaluate(m, wrong), Contains("tells 2 classes apart, found 3"));
  wrong.classes = 2;
  wrong.labels[3] = 2;
  CHECK_THROWS_AS(fit(m, train, fit_options{.batch = 8, .evaluation = &wrong}), error);
}

namespace {

// The weights of the layer at `name` are so large that its results are not.
template<class Policy> std::string said_of_overflow_in(std::string const& name) {
  using Net = Network<Features<8>, Dense<6>, Logistic, Sequential<Dense<6>, SoftPlus, Dense<6>>, SoftPlus, Dense<3>>;
  Model<Net, Policy> model{1, 16};
  auto values = state_dict(model);
  for (auto& t : values)
    if (t.name == name + ".weight") std::ranges::fill(t.values, 3e38f);
  load_state_dict(model, values);
  dataset data{
      .sample = {8, 0, 0}, .classes = 3, .images = std::vector<float>(8 * 16, 2.f), .labels = std::vector<int>(16)};
  try {
    fit(model, data, fit_options{.epochs = 1, .batch = 16});
  } catch (error const& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a last batch of one that batch normalisation cannot train on is refused before anything is learned") {
  using Net = Network<Features<4>, Dense<3>, BN, ReLU, Dense<2>>;
  Model<Net> model{1, 8};
  auto const before = state_dict(model);
  dataset data{
      .sample = {4, 0, 0}, .classes = 2, .images = std::vector<float>(4 * 9, 1.f), .labels = std::vector<int>(9)};
  CHECK_THROWS_WITH(fit(model, data, fit_options{.epochs = 1, .batch = 4}), Contains("one value per channel"));
  auto const after = state_dict(model);
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before[i].values == after[i].values);
  CHECK(fit(model, data, fit_options{.epochs = 1, .batch = 4, .drop_last = true}).size() == 1);
}

TEST_CASE("what a declaration cannot know is refused at run time, and says what was expected") {
  using Net = Network<Features<4>, Dense<3>, BN, ReLU, Dense<2>>;
  CHECK_THROWS_WITH(Model<Net>(1, 0), "model: the capacity must be at least 1 sample, not 0");
  CHECK_THROWS_WITH((Model<Net, Reference>(1, -2)), "model: the capacity must be at least 1 sample, not -2");
  Model<Net> model{1, 8};
  std::vector<float> x(2 * 4, 1.f), y(2 * 2);
  CHECK_THROWS_WITH(model.forward(in<float>(x).first(4), out<float>(y).first(2)),
                    "batch normalisation cannot train on one value per channel: the batch has one sample and its "
                    "input is (3)");
  CHECK_NOTHROW(model.infer(in<float>(x).first(4), out<float>(y).first(2)));
  CHECK_NOTHROW(model.forward(x, y));
}

TEST_CASE("a loss that is not finite is traced to the first layer whose results are not") {
  for (std::string const name : {"2.0", "2.2", "4"}) {
    CHECK_THAT(said_of_overflow_in<Fused>(name),
               Contains("epoch 1, step 1: the loss is") && EndsWith("the result of layer " + name));
    CHECK_THAT(said_of_overflow_in<Unfused>(name), EndsWith("the result of layer " + name));
    CHECK_THAT(said_of_overflow_in<Reference>(name), EndsWith("the result of layer " + name));
  }
}

TEST_CASE("a loss that is not finite ends the run with an error that says where") {
  dataset train = separable(40);
  model m(1);
  auto const at_step = [&](int step, auto&& harm) {
    return fit_options{.epochs = 3, .batch = 8, .on_batch = [step, harm](batch_report const& now) {
                         if (now.step == static_cast<std::uint64_t>(step)) harm();
                       }};
  };
  float const nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  training_state<float> state;
  CHECK_THROWS_WITH(fit(m, train, at_step(6, [&] { m.parameters()[m.bias + 1] = nan; }), state),
                    Contains("epoch 2, step 7: the loss is") && Contains("nan; first not finite: parameter 0.bias"));
  CHECK(state.epoch == 1);
  CHECK(state.step == 5);
  m = model(1);
  CHECK_THROWS_WITH(fit(m, train, at_step(5, [&] { m.parameters()[2] = infinity; })),
                    Contains("epoch 1, step 5: a parameter is not finite") && Contains("parameter 0.weight"));
  m = model(1);
  CHECK_THROWS_WITH(fit(m, train,
                        at_step(2,
                                [&] {
                                  for (float& x : train.images) x = 3e38f;
                                  for (float& p : m.parameters()) p = 1e3f;
                                })),
                    Contains("step 3") && Contains("first not finite: "));
  train = separable(40);
  train.images[11 * static_cast<std::size_t>(train.sample.size())] = nan;
  m = model(1);
  CHECK_THROWS_WITH(fit(m, train, at_step(99, [] {})),
                    Contains("first not finite: sample ") && Contains(" of the batch"));
  m = model(1);
  m.gradients_to_set()[0] = nan;
  CHECK(first_non_finite(m) == "gradient of 0.weight");
  m.gradients_to_set()[0] = 0;
  CHECK(first_non_finite(m).empty());
}
