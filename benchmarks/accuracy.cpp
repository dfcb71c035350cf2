// Suite `accuracy`: the quickstart's network trained with its convolutions computed directly and by Winograd's
// algorithms, several seeds each. It measures no time.
#include "../examples/train/resnet8.hpp"
#include "suite.hpp"

#include <laminate/data.hpp>
#include <laminate/model/model.hpp>
#include <laminate/train/fit.hpp>
#include <laminate/train/schedule/cosine.hpp>
#include <laminate/train/schedule/warm_up.hpp>

#include <cmath>

using namespace laminate;

namespace {

struct settings {
  int seeds = 3, epochs = 3, images = 60'000;
};

/// As examples/train does it by default.
template<class Algorithms> double trained(split const& data, int epochs, int seed) {
  constexpr int batch = 64;
  Model<ResNet8, FusedBy<Algorithms>> model{static_cast<std::uint64_t>(seed), batch};
  int const steps = epochs * ((data.train.size() + batch - 1) / batch);
  auto const warm_up = static_cast<std::uint64_t>(std::min(100, steps / 10));
  history const past =
      fit(model, data.train,
          fit_options{.epochs = epochs,
                      .batch = batch,
                      .seed = static_cast<std::uint64_t>(seed),
                      .optimizer = SGD{.lr = 0.1, .momentum = 0.9, .weight_decay = 5e-4, .nesterov = true},
                      .schedule = schedule::WarmUp{warm_up, 1.0 / 3, schedule::Cosine{}},
                      .evaluation = nullptr});
  return evaluate(model, data.test).accuracy;
}

template<class Algorithms> nlohmann::json row_of(char const* name, split const& data, settings const& of) {
  std::vector<double> found;
  std::printf("%-12s", name);
  for (int seed = 1; seed <= of.seeds; ++seed) {
    found.push_back(trained<Algorithms>(data, of.epochs, seed));
    std::printf("  %.4f", found.back());
    std::fflush(stdout);
  }
  double mean = 0, squares = 0;
  for (double const v : found) mean += v / static_cast<double>(found.size());
  for (double const v : found) squares += (v - mean) * (v - mean);
  double const deviation = found.size() > 1 ? std::sqrt(squares / static_cast<double>(found.size() - 1)) : 0;
  std::printf("  mean %.4f, deviation %.4f\n", mean, deviation);
  return {{"suite", "accuracy"}, {"case", "ResNet-8"}, {"algorithm", name},     {"epochs", of.epochs},
          {"accuracies", found}, {"mean", mean},       {"deviation", deviation}};
}

}  // namespace

int main(int argc, char** argv) {
  bench::suite suite{"the accuracy of a ResNet-8 on Fashion-MNIST, by the algorithm of its convolutions"};
  settings of;
  suite.app.add_option("--seeds", of.seeds, "trainings each")->check(CLI::Range(1, 100))->capture_default_str();
  suite.app.add_option("--epochs", of.epochs, "epochs of each")->check(CLI::Range(1, 1000))->capture_default_str();
  suite.app.add_option("--images", of.images, "to train on")->check(CLI::Range(64, 60'000))->capture_default_str();
  return suite.run(argc, argv, [&] {
    auto const folder = fashion_mnist_directory();
    if (!folder) std::puts("Fashion-MNIST is not on this machine (package dataset-fashion-mnist): generated figures");
    split data = folder ? read_fashion_mnist(*folder) : generate_shapes(60'000, 10'000, 1);
    data.train = data.train.first(of.images);
    auto const scaling = standardise(data.train);
    scaling.apply(data.train), scaling.apply(data.test);
    std::printf("test accuracy after %d epochs on %d images, seeds 1 to %d\n", of.epochs, of.images, of.seeds);
    return nlohmann::json{row_of<Direct>("direct", data, of), row_of<Winograd<2>>("Winograd<2>", data, of),
                          row_of<Winograd<4>>("Winograd<4>", data, of)};
  });
}
