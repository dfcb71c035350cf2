// The program around a network: training with progress, test accuracy, the plan, and fused against unfused.
#pragma once

#include <cstdio>
#include <iostream>
#include <laminate/laminate.hpp>

#include "../../benchmarks/fusion_table.hpp"
#include "progress.hpp"
#include "surroundings.hpp"

/// Trains and returns the report of every epoch.
template<class Net, class Policy> laminate::history train(scaled_images const& data, train_options const& o) {
  using namespace laminate;
  Model<Net, Policy> model{o.seed, o.batch};
  if (o.threads > 0) model.threads(o.threads);
  summary(std::cout, model);
  auto how = recipe(o, data.images.train.size());
  how.evaluation = &data.images.test, how.on_batch = show_progress, how.on_epoch = show_epoch;
  history const past = fit(model, data.images.train, how);
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
  int const threads = o.threads > 0 ? o.threads : default_threads();
  std::printf("\nfused against unfused, %d thread%s, FMA peak %.0f GFLOP/s a core, medians of 9 rounds\n", threads,
              threads == 1 ? "" : "s", peak / 1e9);
  double const accuracy = past.empty() || !past.back().evaluation ? 0 : past.back().evaluation->accuracy;
  report(o, name, accuracy, bench::fusion_rows<Net>(name, peak, {1, 64}, threads, 9));
  return 0;
}
