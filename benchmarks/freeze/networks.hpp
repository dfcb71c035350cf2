// What the suite `freeze` measures; each network is compiled in a file of its own.
#pragma once

#include <laminate/model/inference_model.hpp>

#include "../fusion_table.hpp"

namespace bench {

/// The rows of one network. Throws when the frozen model's outputs differ.
template<class Net>
std::vector<row> freeze_rows(std::string const& name, double peak, std::vector<int> const& batches, int threads,
                             int rounds) {
  std::vector<row> rows;
  for (int batch : batches) {
    contender<Net, laminate::Fused> model(batch, threads);
    model.forward(), model.infer();  // statistics that are worth folding
    auto frozen = laminate::freeze(model.model);
    frozen.threads(threads);
    std::vector<float> y(model.y.size());
    frozen.infer(model.x, y);
    for (std::size_t i = 0; i < y.size(); ++i)
      if (!(std::abs(y[i] - model.y[i]) <= 1e-2f + 1e-2f * std::abs(model.y[i])))
        throw laminate::error("freeze benchmark: the outputs of " + name + " and of its frozen model differ");
    duel const d(
        rounds, [&] { return time_of([&] { frozen.infer(model.x, y), observe(y.data()); }); },
        [&] { return time_of([&] { model.infer(); }); });
    double const us = median(d.ours) / batch;
    rows.push_back({"freeze", name, "infer", batch, threads, us * 1e6, "Model", median(d.theirs) / batch * 1e6,
                    median(d.ratios), 100 * laminate::plan<Net>.flops / us / (peak * threads), rounds, spread(d.ratios),
                    std::to_string(frozen.together) + " together"});
  }
  return rows;
}

using freeze_measurement = std::vector<row> (*)(double peak, std::vector<int> const& batches, int threads, int rounds);

std::vector<row> freeze_resnet20(double, std::vector<int> const&, int, int);
std::vector<row> freeze_lenet(double, std::vector<int> const&, int, int);
std::vector<row> freeze_mlp(double, std::vector<int> const&, int, int);
std::vector<row> freeze_mobilenet(double, std::vector<int> const&, int, int);

}  // namespace bench
