// Suite `accuracy`: the quickstart's network trained with its convolutions computed directly and by Winograd's
// algorithms, several seeds each. It measures no time.
#include "../examples/train/resnet8.hpp"
#include "../examples/train/surroundings.hpp"
#include "suite.hpp"

#include <laminate/model/model.hpp>
#include <laminate/train/fit.hpp>

#include <cmath>

using namespace laminate;

namespace {

/// As examples/train does it.
template<class Algorithms> double trained(split const& data, train_options const& o) {
  Model<ResNet8, FusedBy<Algorithms>> model{o.seed, o.batch};
  fit(model, data.train, recipe(o, data.train.size()));
  return evaluate(model, data.test).accuracy;
}

template<class Algorithms> nlohmann::json row_of(char const* name, split const& data, train_options o, int seeds) {
  std::vector<double> found;
  std::printf("%-12s", name);
  for (int seed = 1; seed <= seeds; ++seed) {
    o.seed = static_cast<std::uint64_t>(seed);
    found.push_back(trained<Algorithms>(data, o));
    std::printf("  %.4f", found.back());
    std::fflush(stdout);
  }
  double mean = 0, squares = 0;
  for (double const v : found) mean += v / static_cast<double>(found.size());
  for (double const v : found) squares += (v - mean) * (v - mean);
  double const deviation = found.size() > 1 ? std::sqrt(squares / static_cast<double>(found.size() - 1)) : 0;
  std::printf("  mean %.4f, deviation %.4f\n", mean, deviation);
  return {{"suite", "accuracy"}, {"case", "ResNet-8"}, {"algorithm", name},     {"epochs", o.epochs},
          {"accuracies", found}, {"mean", mean},       {"deviation", deviation}};
}

}  // namespace

int main(int argc, char** argv) {
  bench::suite suite{"the accuracy of a ResNet-8 on Fashion-MNIST, by the algorithm of its convolutions"};
  train_options o;
  int seeds = 3;
  suite.app.add_option("--seeds", seeds, "trainings each")->check(CLI::Range(1, 100))->capture_default_str();
  suite.app.add_option("--epochs", o.epochs, "epochs of each")->check(CLI::Range(1, 1000))->capture_default_str();
  suite.app.add_option("--images", o.images, "train on so many only, and test on a sixth as many; 0: all")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  return suite.run(argc, argv, [&] {
    split const data = load_data(o).images;
    std::printf("test accuracy after %d epochs on %d images, seeds 1 to %d\n", o.epochs, data.train.size(), seeds);
    return nlohmann::json{row_of<Direct>("direct", data, o, seeds), row_of<Winograd<2>>("Winograd<2>", data, o, seeds),
                          row_of<Winograd<4>>("Winograd<4>", data, o, seeds),
                          row_of<Winograd<6>>("Winograd<6>", data, o, seeds)};
  });
}
