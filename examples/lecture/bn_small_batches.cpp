// The note on the slide: batch normalisation cannot be applied on small batches. Accuracy against the size of
// the batch, with and without it, and what happens where the batch has one value for each channel.
#include <laminate/laminate.hpp>

#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

using With = Network<Image<1, 28, 28>, Flatten, Repeat<3, Dense<64>, BN, ReLU>, Dense<10>>;
using Without = without<BN, With>;
// Here BN has 49 values for each channel and image.
using Pixels = Network<Image<1, 28, 28>, Conv<5, 16, Stride<4>>, BN, ReLU, Conv<3, 16>, BN, ReLU, Flatten, Dense<10>>;

/// Test accuracy, with moving averages and with the statistics of the whole training set, after the same
/// number of samples; the learning rate grows with the root of the batch's size, as the noise of its gradient
/// shrinks.
template<class Net> std::pair<double, double> trained(split const& data, int epochs, int size, std::uint64_t seed) {
  Model<Net> model{seed, 512};
  model.threads(1);
  fit(model, data.train,
      fit_options{.epochs = epochs,
                  .batch = size,
                  .seed = seed,
                  .optimizer = SGD{.lr = 0.01 * std::sqrt(size)},
                  .drop_last = true});
  double const with_averages = evaluate(model, data.test).accuracy;
  recalibrate_batch_norm(model, data.train);
  return {with_averages, evaluate(model, data.test).accuracy};
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "Small batches: two samples are too few to normalise by, one is none"};
  auto csv = run.csv("bn_small_batches", "network,batch,seed,moving_averages,whole_set");
  auto const data = run.images(run.pick(6'000, 1'600), run.pick(4'000, 800));
  int const epochs = run.pick(6, 4);
  std::puts(
      "| batch | dense, without BN | dense, with BN | and statistics of the whole set | convolutions with BN "
      "|");
  double least_gap = 1, large_gap = 0;
  for (int const size : run.pick(std::vector{1, 2, 4, 8, 32, 128}, std::vector{2, 32})) {
    std::array<std::vector<double>, 4> found;
    for (int seed = 1; seed <= run.seeds; ++seed) {
      int kind = 0;
      for_networks<Without, With, Pixels>([&]<class Net>() {
        int const k = kind++;
        if ((k == 1 && size == 1) || (k == 2 && run.quick)) return;
        auto const [averages, whole_set] = trained<Net>(data, epochs, size, static_cast<std::uint64_t>(seed));
        csv.row(k == 0   ? "dense without BN"
                : k == 1 ? "dense with BN"
                         : "convolutions with BN",
                size, seed, averages, whole_set);
        found[k].push_back(averages);
        if (k == 1) found[3].push_back(whole_set);
      });
    }
    auto const cell = [&](int k) { return found[k].empty() ? "–" : lecture::text(lecture::spread_of(found[k])); };
    std::printf("| %d | %s | %s | %s | %s |\n", size, cell(0).c_str(), cell(1).c_str(), cell(3).c_str(),
                cell(2).c_str());
    if (size == 1) continue;
    double const gap = lecture::spread_of(found[1]).mean - lecture::spread_of(found[0]).mean;
    if (size == 2) least_gap = gap;
    if (size == 32) large_gap = gap;
  }
  run.expect(least_gap < -0.1, "with batches of 2, BN costs much of the accuracy");
  run.expect(large_gap > -0.03, "with batches of 32 it does not");

  // One sample has one value for each of the 64 channels: its mean is that value, and nothing is left of it.
  Model<With> model{1, 1};
  std::vector<float> x(Model<With>::in.size()), y(10);
  std::string refusal;
  try {
    model.forward(x, y);
  } catch (error const& e) {
    refusal = e.what();
  }
  std::printf("a batch of one: %s\n", refusal.c_str());
  run.expect(refusal.find("one value per channel") != std::string::npos, "a batch of one is refused, and it says why");
  return run.verdict();
}
