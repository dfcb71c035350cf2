// Fused against unfused on one network: forward, backward, whole step and inference, per batch size.
#pragma once

#include <cmath>
#include <cstdio>
#include <laminate/model/model.hpp>
#include <laminate/model/plan.hpp>
#include <string>

#include "measure.hpp"
#include "row.hpp"

namespace bench {

/// A model with a batch of its own and random inputs.
template<class Net, class Policy> struct contender {
  using model_type = laminate::Model<Net, Policy>;
  model_type model;
  std::vector<float> x, y, dy;

  contender(int batch, int threads) : model(1, batch) {
    model.threads(threads);
    x.resize(static_cast<std::size_t>(batch) * model_type::in.size());
    y.resize(static_cast<std::size_t>(batch) * model_type::out.size());
    dy.resize(y.size());
    laminate::generator random{2};
    for (float& v : x) v = static_cast<float>(random.normal());
    for (float& v : dy) v = static_cast<float>(random.normal() / batch);
  }
  void infer() { model.infer(x, y), observe(y.data()); }
  void forward() { model.forward(x, y), observe(y.data()); }
  void backward() { model.backward(dy), observe(model.gradients().data()); }
  // Weights are read anew after every step, as in training.
  void step() { forward(), model.parameters_changed(), backward(); }
};

/// The rows of one network. Throws when the two policies' outputs differ.
template<class Net>
std::vector<row> fusion_rows(std::string const& name, double peak, std::vector<int> const& batches, int threads,
                             int rounds) {
  std::vector<row> rows;
  double const flops = laminate::plan<Net>.flops;
  for (int batch : batches) {
    contender<Net, laminate::Fused> fused(batch, threads);
    contender<Net, laminate::Unfused> unfused(batch, threads);
    auto compare = [&](char const* work, double work_flops, auto&& run) {
      duel const d(
          rounds, [&] { return run(fused); }, [&] { return run(unfused); });
      double const ours = median(d.ours) / batch;
      rows.push_back({"fusion", name, work, batch, threads, ours * 1e6, "unfused", median(d.theirs) / batch * 1e6,
                      median(d.ratios), 100 * work_flops / ours / (peak * threads), rounds, spread(d.ratios)});
    };
    compare("infer", flops, [](auto& c) { return time_of([&] { c.infer(); }); });
    compare("forward", flops, [](auto& c) { return time_of([&] { c.forward(); }); });
    for (std::size_t i = 0; i < fused.y.size(); ++i)
      if (!(std::abs(fused.y[i] - unfused.y[i]) <= 1e-2f + 1e-2f * std::abs(unfused.y[i])))
        throw laminate::error("fusion benchmark: the outputs of the fused and the unfused " + name + " differ");
    compare("backward", 2 * flops, [](auto& c) { return time_after([&] { c.forward(); }, [&] { c.backward(); }); });
    compare("step", 3 * flops, [](auto& c) { return time_of([&] { c.step(); }); });
  }
  return rows;
}

inline void print_heading() {
  std::printf("%-16s %-9s %5s %8s %12s %12s %8s %8s %7s\n", "network", "work", "N", "threads", "fused us/N",
              "unfused us/N", "ratio", "% peak", "spread");
}

inline void print(std::vector<row> const& rows) {
  for (row const& r : rows)
    std::printf("%-16s %-9s %5d %8d %12.2f %12.2f %7.2fx %7.1f%% %6.1f%%\n", r.name.c_str(), r.work.c_str(), r.batch,
                r.threads, r.ours_us, r.peer_us, r.ratio, r.percent_of_peak, 100 * r.spread);
}

}  // namespace bench
