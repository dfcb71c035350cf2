// What batch normalisation is for: higher learning rates, less depends on the first weights, gradients
// neither vanish nor explode. Two networks that differ in nothing else.
#include <laminate/laminate.hpp>

#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

using With = Network<Image<1, 28, 28>, Flatten, Repeat<6, Dense<64>, BN, ReLU>, Dense<10>>;
using Without = without<BN, With>;

constexpr int batch_size = 50, epochs = 5;

/// A model whose first weights are He's times `scale`.
template<class Net> Model<Net> make(std::uint64_t seed, double scale) {
  Model<Net> model{seed, batch_size};
  model.threads(1);
  draw_weights(model, seed, [&](double in, double out) { return scale * deviation::he(in, out); });
  return model;
}

/// Accuracy during the last epoch of a short training; where the loss leaves the numbers, that of guessing.
template<class Net> double trained(dataset const& data, double lr, double scale, std::uint64_t seed) try {
  auto model = make<Net>(seed, scale);
  return fit(model, data, fit_options{.epochs = epochs, .batch = batch_size, .seed = seed, .optimizer = SGD{.lr = lr}})
      .back()
      .train.accuracy;
} catch (error const&) {
  return 0.1;
}

/// Norms of the gradients of the convolutions' weights for the first batch, before any step.
template<class Net> std::vector<double> first_gradients(dataset const& data, double scale, std::uint64_t seed) {
  auto model = make<Net>(seed, scale);
  batches training{data, {.size = batch_size, .seed = seed}};
  batch const b = *training.epoch(0).begin();
  std::vector<float> y(batch_size * 10), dy(y.size());
  model.forward(b.images, y);
  SoftmaxCrossEntropy{}(std::span<float const>(y), b.labels, std::span(dy));
  model.backward(dy);
  std::vector<double> all;
  for (auto const& g : gradient_norms(model)) all.push_back(g.norm);
  all.pop_back();
  return all;
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "Batch normalisation: higher learning rates, any first weights, even gradients"};
  auto const data = run.images(run.pick(6'000, 1'000), 1).train;
  auto const for_both = [](auto&& use) {
    for_networks<With, Without>([&]<class Net>() { use.template operator()<Net>(count<BN, Net>() > 0); });
  };
  char const* const name[] = {"without", "with"};

  auto rates = run.csv("bn_learning_rate", "normalised,seed,learning_rate,accuracy");
  std::array<lecture::spread, 2> highest;
  for_both([&]<class Net>(bool bn) {
    std::vector<double> best;
    highest[bn] = run.over_seeds([&](std::uint64_t seed) {
      double trains = 0;
      best.push_back(0);
      for (double lr = run.pick(0.0125, 0.1); lr < run.pick(30, 4); lr *= run.pick(2, 4)) {
        double const accuracy = trained<Net>(data, lr, 1, seed);
        rates.row(bn, seed, lr, accuracy);
        if (accuracy > run.pick(0.6, 0.3)) trains = lr;
        best.back() = std::max(best.back(), accuracy);
      }
      return std::log2(trains);
    });
    std::printf("%-7s trains up to a learning rate of 2^(%s); accuracy at the best rate %s\n", name[bn],
                lecture::text(highest[bn], "%.1f").c_str(), lecture::text(lecture::spread_of(best)).c_str());
  });
  run.expect(highest[true].mean - highest[false].mean >= 2, "normalised, at least 4 times the learning rate trains");

  auto scales = run.csv("bn_initial_weights", "normalised,seed,scale,accuracy");
  std::array<lecture::spread, 2> worst;
  auto const sizes = run.pick(std::vector{0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0}, std::vector{0.1, 1.0, 3.0});
  for_both([&]<class Net>(bool bn) {
    worst[bn] = run.over_seeds([&](std::uint64_t seed) {
      double least = 1;
      for (double const scale : sizes) {
        double const accuracy = trained<Net>(data, 0.1, scale, seed);
        scales.row(bn, seed, scale, accuracy);
        least = std::min(least, accuracy);
      }
      return least;
    });
    std::printf("%-7s the least accuracy over first weights of all sizes %s\n", name[bn],
                lecture::text(worst[bn]).c_str());
  });
  run.expect(worst[true].least > worst[false].most + 0.1, "normalised, it learns with any first weights");

  auto norms = run.csv("bn_gradients", "normalised,scale,seed,layer,norm");
  std::array<double, 2> spanned{};  // how much larger gradients get when the weights do
  for_both([&]<class Net>(bool bn) {
    std::vector<double> means;
    for (double const scale : {0.5, 1.0, 2.0}) {
      auto const size = run.over_seeds([&](std::uint64_t seed) {
        auto const all = first_gradients<Net>(data, scale, seed);
        for (std::size_t i = 0; i < all.size(); ++i) norms.row(bn, scale, seed, i + 1, all[i]);
        return std::log10(lecture::norm(all));
      });
      means.push_back(std::pow(10, size.mean));
      std::printf("%-7s first weights %3g × He's: log10 of the gradient's norm %s\n", name[bn], scale,
                  lecture::text(size, "%.2f").c_str());
    }
    spanned[bn] = means.back() / means.front();
  });
  run.expect(spanned[true] < 1.5, "normalised, gradients do not grow with the weights");
  run.expect(spanned[false] > 100, "and else they do");
  return run.verdict();
}
