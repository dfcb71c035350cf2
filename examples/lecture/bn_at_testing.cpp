// At testing there is no batch. Three stand-ins for its statistics: those of whatever batch is there, moving
// averages of the batches seen in training (the practical solution), and those of the whole training set (the
// ideal one).
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

using Net = Network<Image<1, 28, 28>, Conv<5, 16, Stride<4>>, BN, ReLU, Conv<3, 16>, BN, ReLU, Flatten,  //
                    Dense<64>, BN, ReLU, Dense<10>>;

constexpr int batch_size = 32;

/// Test accuracy with the statistics of each test batch.
double with_batch_statistics(Model<Net> const& trained, dataset const& test, int size) {
  Model<Net> model{0, size};  // a copy, as forward moves the averages
  model.threads(1);
  load_state_dict(model, state_dict(trained));
  std::vector<float> y(static_cast<std::size_t>(size) * 10);
  double correct = 0;
  auto parts = batches::in_order(test, size);
  for (batch const& b : parts.epoch(0)) {
    auto const outputs = std::span(y).first(b.labels.size() * 10);
    model.forward(b.images, outputs);
    correct += b.size() * accuracy(std::span<float const>(outputs), b.labels);
  }
  return correct / test.size();
}

dataset sorted_by_class(dataset const& data) {
  dataset sorted{data.sample, data.classes, {}, {}};
  for (int label = 0; label < data.classes; ++label)
    for (int i = 0; i < data.size(); ++i) {
      if (data.labels[i] != label) continue;
      sorted.images.insert(sorted.images.end(), data.image(i).begin(), data.image(i).end());
      sorted.labels.push_back(label);
    }
  return sorted;
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "BN at testing: moving averages come close to the statistics of the whole set"};
  auto csv = run.csv("bn_at_testing", "statistics,seed,steps,accuracy");
  auto const data = run.images(run.pick(12'000, 1'600), run.pick(3'200, 640));
  auto const sorted = sorted_by_class(data.test);
  auto const stops = run.pick(std::vector{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}, std::vector{8, 400});
  enum { averages, whole_set, batch_2, batch_8, batch_32, one_class, kinds };
  char const* const names[] = {"moving averages", "whole training set", "test batch of 2",
                               "test batch of 8", "test batch of 32",   "test batch of 32 of one class"};
  std::vector<std::array<std::vector<double>, kinds>> found(stops.size());
  for (int seed = 1; seed <= run.seeds; ++seed) {
    auto const number = static_cast<std::uint64_t>(seed);
    Model<Net> model{number, batch_size}, ideal{number, 512};
    model.threads(1), ideal.threads(1);
    auto const judge = [&](std::size_t stop) {
      load_state_dict(ideal, state_dict(model));
      recalibrate_batch_norm(ideal, data.train);
      double const accuracies[] = {
          evaluate(model, data.test).accuracy,         evaluate(ideal, data.test).accuracy,
          with_batch_statistics(model, data.test, 2),  with_batch_statistics(model, data.test, 8),
          with_batch_statistics(model, data.test, 32), with_batch_statistics(model, sorted, 32)};
      for (int k = 0; k < kinds; ++k) {
        csv.row(names[k], seed, stops[stop], accuracies[k]);
        found[stop][k].push_back(accuracies[k]);
      }
    };
    optimizer sgd{SGD{.lr = 0.05, .momentum = 0.9}, model};
    batches training{data.train, {.size = batch_size, .seed = number}};
    std::vector<float> y(batch_size * 10), dy(y.size());
    for (int epoch = 0, step = 0; step < stops.back(); ++epoch)
      for (batch const& b : training.epoch(epoch)) {
        model.forward(b.images, y);
        SoftmaxCrossEntropy{}(std::span<float const>(y), b.labels, std::span(dy));
        model.backward(dy);
        sgd.step(model);
        auto const stop = std::ranges::find(stops, ++step);
        if (stop != stops.end()) judge(static_cast<std::size_t>(stop - stops.begin()));
        if (step == stops.back()) break;
      }
  }
  for (int k = 0; k < kinds; ++k) {
    std::printf("| %s |", names[k]);
    for (auto const& at : found) std::printf(" %s |", lecture::text(lecture::spread_of(at[k])).c_str());
    std::puts("");
  }
  auto const early = [&](int k) { return lecture::spread_of(found[run.pick(2, 0)][k]); };
  auto const late = [&](int k) { return lecture::spread_of(found.back()[k]); };
  run.expect(early(whole_set).mean > early(averages).mean + 0.05,
             "after 4 steps (quick: 8) the averages still lag behind");
  run.expect(std::abs(late(whole_set).mean - late(averages).mean) < 0.05,
             "in the end they are as good as the whole set");
  run.expect(late(averages).mean > late(batch_2).mean + 0.05, "batches of 2 are not enough");
  run.expect(late(averages).mean > late(one_class).mean + 0.1, "and a batch of one class misleads");
  return run.verdict();
}
