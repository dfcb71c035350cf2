#include "surroundings.hpp"

#include <laminate/data/fashion_mnist.hpp>
#include <laminate/data/synthetic.hpp>
#include <laminate/io/atomic_file.hpp>
#include <laminate/train/schedule/cosine.hpp>
#include <laminate/train/schedule/warm_up.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "../../benchmarks/rows_json.hpp"

namespace {

laminate::split load_images(train_options const& o) {
  auto const folder = o.data.empty() ? laminate::fashion_mnist_directory() : std::optional{o.data};
  if (folder) return laminate::read_fashion_mnist(*folder);
  std::puts(
      "Fashion-MNIST is not on this machine (package dataset-fashion-mnist): training on generated figures instead");
  return laminate::generate_shapes(60000, 10000, o.seed);
}

}  // namespace

scaled_images load_data(train_options const& o) {
  laminate::split data = load_images(o);
  if (o.images > 0) data.train = data.train.first(o.images), data.test = data.test.first(std::max(1, o.images / 6));
  auto const scaling = laminate::standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);
  return {std::move(data), scaling};
}

laminate::fit_options<> recipe(train_options const& o, int images) {
  using namespace laminate;
  int const steps = o.epochs * ((images + o.batch - 1) / o.batch);
  return {
      .epochs = o.epochs,
      .batch = o.batch,
      .seed = o.seed,
      .optimizer = SGD{.lr = o.lr, .momentum = 0.9, .weight_decay = 5e-4, .nesterov = true},
      .schedule = schedule::WarmUp{static_cast<std::uint64_t>(std::min(100, steps / 10)), 1.0 / 3, schedule::Cosine{}}};
}

void check_writable(train_options const& o) {
  for (auto const& path : {o.save, o.json, o.html})
    if (!path.empty()) laminate::atomic_file{path};
}

laminate::notes describe(train_options const& o) {
  laminate::notes said;
  if (!o.commit.empty()) said["commit"] = o.commit;
  if (o.data.empty() && laminate::fashion_mnist_directory())
    for (auto const name : laminate::fashion_mnist_classes) said["classes"] += std::string(name) + '\n';
  return said;
}

void report(train_options const& o, char const* network, double accuracy, std::vector<bench::row> const& rows) {
  bench::print_heading();
  bench::print(rows);
  if (!o.json.empty())
    laminate::write_atomically(o.json, nlohmann::json{{"network", network},
                                                      {"policy", o.policy},
                                                      {"epochs", o.epochs},
                                                      {"seed", o.seed},
                                                      {"test_accuracy", accuracy},
                                                      {"rows", bench::to_json(rows)}}
                                               .dump(2) +
                                           "\n");
  std::printf("test accuracy: %.4f\n", accuracy);
  std::printf("unfused/fused training step: %.2f\n", rows.back().ratio);
}
