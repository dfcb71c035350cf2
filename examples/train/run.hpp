// The program around a network: data, training with progress, test accuracy, the plan, and fused against unfused.
#pragma once

#include <cstdio>
#include <iostream>
#include <laminate/laminate.hpp>

#include "../../benchmarks/rows_json.hpp"
#include "options.hpp"
#include "progress.hpp"

inline laminate::split load_images(train_options const& o) {
  auto const folder = o.data.empty() ? laminate::fashion_mnist_directory() : std::optional{o.data};
  if (folder) return laminate::read_fashion_mnist(*folder);
  std::puts(
      "Fashion-MNIST is not on this machine (package dataset-fashion-mnist): training on generated figures instead");
  return laminate::generate_shapes(60000, 10000, o.seed);
}

/// Standardised images, and the scaling that was measured on the training set.
struct scaled_images {
  laminate::split images;
  laminate::standardisation scaling;
};

inline scaled_images load_data(train_options const& o) {
  laminate::split data = load_images(o);
  if (o.images > 0) data.train = data.train.first(o.images), data.test = data.test.first(std::max(1, o.images / 6));
  auto const scaling = laminate::standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);
  return {std::move(data), scaling};
}

/// What cannot be written is better known before the training than after it.
inline void check_writable(train_options const& o) {
  for (auto const& path : {o.save, o.json, o.html})
    if (!path.empty()) laminate::atomic_file{path};
}

/// The commit, and the names of the classes where it is known which they are.
inline laminate::notes describe(train_options const& o) {
  laminate::notes said;
  if (!o.commit.empty()) said["commit"] = o.commit;
  if (o.data.empty() && laminate::fashion_mnist_directory())
    for (auto const name : laminate::fashion_mnist_classes) said["classes"] += std::string(name) + '\n';
  return said;
}

/// Trains and returns the report of every epoch.
template<class Net, class Policy> laminate::history train(scaled_images const& data, train_options const& o) {
  using namespace laminate;
  Model<Net, Policy> model{o.seed, o.batch};
  if (o.threads > 0) model.threads(o.threads);
  summary(std::cout, model);
  int const steps = o.epochs * ((data.images.train.size() + o.batch - 1) / o.batch);
  auto const warm_up = static_cast<std::uint64_t>(std::min(100, steps / 10));
  auto const past =
      fit(model, data.images.train,
          fit_options{.epochs = o.epochs,
                      .batch = o.batch,
                      .seed = o.seed,
                      .optimizer = SGD{.lr = o.lr, .momentum = 0.9, .weight_decay = 5e-4, .nesterov = true},
                      .schedule = schedule::WarmUp{warm_up, 1.0 / 3, schedule::Cosine{}},
                      .evaluation = &data.images.test,
                      .on_batch = show_progress,
                      .on_epoch = show_epoch});
  if (!o.save.empty())
    save(model, o.save, {{"scaling.mean", data.scaling.mean}, {"scaling.scale", data.scaling.scale}}, describe(o));
  return past;
}

template<class Net> int run(char const* name, train_options const& o) {
  using namespace laminate;
  check_writable(o);
  if (!o.html.empty()) o.policy == "fused" ? save_html<Net>(o.html, name) : save_html<Net, Unfused>(o.html, name);
  auto const data = load_data(o);
  std::printf("%s on %d images, tested on %d\n", name, data.images.train.size(), data.images.test.size());
  history const past = o.policy == "fused" ? train<Net, Fused>(data, o) : train<Net, Unfused>(data, o);
  explain<Net>(std::cout);

  double const peak = bench::fma_peak();
  int const threads = o.threads > 0 ? o.threads : processors();
  std::printf("\nfused against unfused, %d thread%s, FMA peak %.0f GFLOP/s a core, medians of 9 rounds\n", threads,
              threads == 1 ? "" : "s", peak / 1e9);
  bench::print_heading();
  auto const rows = bench::fusion_rows<Net>(name, peak, {1, 64}, threads, 9);
  bench::print(rows);
  double const accuracy = past.empty() || !past.back().evaluation ? 0 : past.back().evaluation->accuracy;
  if (!o.json.empty())
    write_atomically(o.json, nlohmann::json{{"network", name},
                                            {"policy", o.policy},
                                            {"epochs", o.epochs},
                                            {"seed", o.seed},
                                            {"test_accuracy", accuracy},
                                            {"rows", bench::to_json(rows)}}
                                     .dump(2) +
                                 "\n");
  std::printf("test accuracy: %.4f\n", accuracy);
  std::printf("unfused/fused training step: %.2f\n", rows.back().ratio);
  return 0;
}
