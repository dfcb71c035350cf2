// Two features of very different scale: the landscape of the loss over both weights, and gradient descent
// through it, with the features as they are and standardised.
#include <laminate/laminate.hpp>

#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;
using Line = Network<Features<2>, Dense<1, Bias<false>>>;  // y = w₁x₁ + w₂x₂
using Fit = Model<Line, Reference, double>;

constexpr int samples = 256;

/// x₁ of deviation 1, x₂ of deviation `ratio`; they are correlated (0.6) and matter equally for y. Every
/// sample has its opposite, so that all means are 0.
struct problem_of_two_scales {
  dataset features{{2, 0, 0}, 1, {}, std::vector<int>(samples)};
  std::vector<double> targets;

  problem_of_two_scales(double ratio, std::uint64_t seed) {
    generator random{seed};
    for (int i = 0; i < samples / 2; ++i) {
      double const a = random.normal(), b = 0.6 * a + 0.8 * random.normal(), y = a + b + 0.1 * random.normal();
      for (double const sign : {1.0, -1.0}) {
        for (double const x : {a, ratio * b}) features.images.push_back(static_cast<float>(sign * x));
        targets.push_back(sign * y);
      }
    }
  }
};

struct descent {
  Fit model{1, samples};
  std::vector<double> x, y = std::vector<double>(samples), dy = y;
  std::vector<double> const& targets;

  explicit descent(problem_of_two_scales const& p)
      : x(p.features.images.begin(), p.features.images.end()), targets(p.targets) {}

  double loss_at(double w1, double w2) {
    model.write_parameter(0, std::array{w1, w2});
    model.forward(x, y);
    return MeanSquaredError{}.against<double>(y, targets, dy);
  }
  /// Steps until the loss is 0.02, twice the noise's; `limit` where it diverges or takes longer.
  int steps(double lr, int limit, auto&& at_each) {
    optimizer rule{SGD{.lr = lr}, model};
    double loss = loss_at(-0.5, 0.5);
    for (int step = 0;; ++step) {
      at_each(step, model.parameters()[0], model.parameters()[1], loss);
      if (loss < 0.02) return step;
      if (step == limit || !(loss < 1e6)) return limit;
      model.backward(dy);
      rule.step(model);
      loss = loss_at(model.parameters()[0], model.parameters()[1]);
    }
  }
  /// The learning rate 2^(−k/2) that takes the fewest steps, and how many: smaller ones are tried until that
  /// is worse.
  std::pair<double, int> fastest() {
    std::pair<double, int> best{0, 200'000};
    for (double lr = 1; lr > 1e-7; lr /= std::sqrt(2.0)) {
      int const taken = steps(lr, best.second, [](auto...) {});
      if (best.first > 0 && taken >= best.second) break;
      if (taken < best.second) best = {lr, taken};
    }
    return best;
  }
};

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "Feature scaling: descent is much faster on features of one scale"};
  auto csv = run.csv("feature_scaling", "ratio,scaled,seed,learning_rate,steps");
  for (double const ratio : run.pick(std::vector{1.0, 3.0, 10.0, 30.0, 100.0}, std::vector{1.0, 10.0})) {
    std::array<lecture::spread, 2> taken;
    for (bool const scaled : {false, true})
      taken[scaled] = run.over_seeds([&](std::uint64_t seed) {
        problem_of_two_scales p{ratio, seed};
        if (scaled) standardise(p.features).apply(p.features);
        descent d{p};
        auto const [lr, count] = d.fastest();
        csv.row(ratio, scaled, seed, lr, count);
        return static_cast<double>(count);
      });
    std::printf("x2 %3g times as wide as x1: %18s steps as it is, %12s scaled\n", ratio,
                lecture::text(taken[0], "%.0f").c_str(), lecture::text(taken[1], "%.1f").c_str());
    if (ratio > 1)
      run.expect(taken[0].least > ratio * taken[1].most, "scaling saves more steps than scales differ");
    else
      run.expect(taken[0].mean < 3 * taken[1].mean, "equal scales need no scaling");
  }

  // The landscape, and the way through it at the best learning rate.
  problem_of_two_scales p{10, 1}, q = p;
  auto const scaling = standardise(p.features);
  scaling.apply(q.features);
  descent as_it_is{p}, scaled{q};
  auto landscape = run.csv("feature_scaling_landscape", "w1,w2,loss,loss_scaled");
  for (double w1 = -1; w1 < 2.51; w1 += 0.1) {
    for (double w2 = -1.5; w2 < 2.01; w2 += 0.05)
      landscape.row(w1, w2, as_it_is.loss_at(w1, w2), scaled.loss_at(w1, w2));
    landscape.row("");  // so that contours can be drawn
  }
  auto path = run.csv("feature_scaling_path", "scaled,step,w1,w2,loss");
  for (auto* d : {&as_it_is, &scaled}) {
    d->steps(d->fastest().first, 200'000, [&](auto... now) { path.row(d == &scaled, now...); });
  }

  // The scaling belongs to the model: it is saved beside the weights.
  auto const file = std::filesystem::temp_directory_path() / "laminate_feature_scaling.safetensors";
  save(scaled.model, file, {{"scaling.mean", scaling.mean}, {"scaling.scale", scaling.scale}});
  Fit again{4, 1};
  run.expect(load(again, file).at("scaling.scale") == scaling.scale, "a saved model brings its scaling");
  std::filesystem::remove(file);
  return run.verdict();
}
