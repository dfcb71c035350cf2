// What the suites `networks` and `zoo` measure of a network; each is compiled in a file of its own.
#pragma once

#include <cmath>
#include <laminate/layers.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/plan.hpp>
#include <laminate/model/state_dict.hpp>
#include <laminate/train/loss/mean_squared_error.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <laminate/train/optimizer/sgd.hpp>
#include <laminate/zoo.hpp>

#include "../measure.hpp"
#include "../peers/peer.hpp"
#include "../row.hpp"

namespace bench {

/// One line of the suite: what is done with how many samples at once.
struct job {
  char const* work;  ///< "infer" or "train"
  int batch;
};

struct settings {
  char const* suite = "networks";
  double peak = 0;
  int threads = 1, rounds = 9;
  bool tuned = false;  ///< whether the peer is
};

template<class Net, class Policy> peer_network told_of(laminate::Model<Net, Policy>& model) {
  static constexpr auto& g = laminate::graph_of<Net>;
  auto const words = boost::hana::unpack(laminate::leaves<Net>, [](auto... types) {
    return std::vector<conformance::torch_function>{conformance::in_torch<typename decltype(types)::type>...};
  });
  peer_network told{g.all(), {}, laminate::onnx_activations<Net>(), {}};
  for (laminate::graph_node const& n : told.nodes) told.functions.push_back(words[n.leaf]);
  for (auto const& t : laminate::state_dict(model))
    told.state.push_back({t.name, t.shape, {t.values.begin(), t.values.end()}});
  return told;
}

/// A model in training: the batch, its labels, and a rule.
template<class Net, class Policy = laminate::Fused> struct learner {
  laminate::Model<Net, Policy> model;
  laminate::optimizer<laminate::SGD, float> rule;
  std::vector<float> x, y, dy;
  std::vector<int> labels;

  learner(int batch, int threads)
      : model(1, batch), rule(laminate::SGD{.lr = learning_rate, .momentum = momentum}, model) {
    model.threads(threads);
    x.resize(static_cast<std::size_t>(batch) * model.in.size());
    y.resize(static_cast<std::size_t>(batch) * model.out.size());
    dy.resize(y.size());
    laminate::generator random{2};
    for (float& v : x) v = static_cast<float>(random.normal());
    for (int n = 0; n < batch; ++n) labels.push_back(n % static_cast<int>(model.out.size()));
  }
  void infer() { model.infer(x, y), observe(y.data()); }
  double learn() {
    model.forward(x, y);
    using loss_function = std::conditional_t<laminate::Model<Net, Policy>::out.size() == 1, laminate::MeanSquaredError,
                                             laminate::SoftmaxCrossEntropy>;
    auto const loss = loss_function{}(std::span<float const>(y), std::span<int const>(labels), std::span<float>(dy));
    model.backward(dy);
    rule.step(model);
    observe(model.parameters().data());
    return loss.mean;
  }
  void work(bool trains) { trains ? void(learn()) : infer(); }
};

/// Throws where two results that should be the same are not.
inline void expect_same(std::string const& what, double ours, double theirs) {
  if (!(std::abs(ours - theirs) <= 1e-3 + 1e-2 * std::abs(theirs)))
    throw laminate::error("networks benchmark: " + what + " is " + std::to_string(ours) + ", the peer's is " +
                          std::to_string(theirs));
}

/// The row of a job that took `times`, each for a batch; `flops` are of a sample.
inline row row_of(char const* name, job const& j, settings const& s, double flops, std::vector<double> const& times,
                  std::vector<double> const& ratios) {
  double const seconds = median(times) / j.batch;
  row r;
  r.suite = s.suite, r.name = name, r.work = j.work;
  r.batch = j.batch, r.threads = s.threads, r.rounds = s.rounds;
  r.flops = flops;
  r.ours_us = seconds * 1e6, r.percent_of_peak = 100 * flops / seconds / (s.peak * s.threads);
  r.spread = spread(ratios);
  return r;
}

/// The same against a peer.
inline row row_of(char const* name, job const& j, settings const& s, double flops, duel const& d, char const* peer) {
  row r = row_of(name, j, s, flops, d.ours, d.ratios);
  r.peer = peer, r.peer_us = median(d.theirs) / j.batch * 1e6, r.ratio = median(d.ratios);
  return r;
}

/// The rows of one network: each job against every library that is there, with the same weights. Throws when results
/// differ.
template<class Net, class Policy = laminate::Fused>
std::vector<row> network_rows(char const* name, std::vector<job> const& jobs, settings const& s) {
  std::vector<row> rows;
  for (job const& j : jobs) {
    bool const trains = std::string_view(j.work) == "train";
    double const flops = (trains ? 3. : 1.) * laminate::plan<Net>.flops;
    // Weights are read forward and back, and their gradient is written; once for the whole batch.
    constexpr auto& told = laminate::plan<Net>;
    double const bytes = trains ? told.bytes + 3. * sizeof(float) * told.parameters / j.batch
                                : told.inference_bytes + 1. * sizeof(float) * told.parameters / j.batch;
    auto const add = [&](row r) { r.bytes = bytes, rows.push_back(r); };
    learner<Net, Policy> ours(j.batch, s.threads);
    peer_network const known = told_of(ours.model);  // before it trains
    auto const our_time = [&] { return time_of([&] { ours.work(trains); }); };
    auto const beside = [&](std::unique_ptr<peer> const& theirs, char const* peer) {
      if (!theirs) return false;
      learner<Net, Policy> fresh(j.batch, s.threads);
      fresh.infer();
      theirs->take(fresh.x, fresh.labels);
      std::vector<float> const y = theirs->infer();
      for (std::size_t i = 0; i < y.size(); ++i) expect_same(std::string(name) + "'s output", fresh.y[i], y[i]);
      if (trains) expect_same(std::string(name) + "'s loss", fresh.learn(), theirs->learn());
      duel const d(s.rounds, our_time,
                   [&] { return trains ? time_of([&] { theirs->learn(); }) : time_of([&] { theirs->run(); }); });
      add(row_of(name, j, s, flops, d, peer));
      return true;
    };
    bool compared = beside(make_libtorch(known, s.tuned, s.threads), s.tuned ? "libtorch tuned" : "libtorch");
    if (!s.tuned && s.threads == 1) compared |= beside(make_dlib(name, known), "dlib");
    if (!s.tuned && s.threads == 1 && !trains) compared |= beside(make_rtneural(name, known), "RTNeural");
    if (!s.tuned && trains) compared |= beside(make_onednn(known, s.threads), "oneDNN");
    if (!s.tuned && !trains) compared |= beside(make_onnxruntime(known, s.threads), "ONNX Runtime");
    if (compared) continue;
    std::vector<double> times;
    for (int round = 0; round < s.rounds; ++round) times.push_back(our_time());
    add(row_of(name, j, s, flops, times, times));
  }
  return rows;
}

std::vector<row> measure_resnet20(settings const&);
std::vector<row> measure_resnet18(settings const&);
std::vector<row> measure_lenet(settings const&);
std::vector<row> measure_mlp(settings const&);
std::vector<row> measure_tiny_mlp(settings const&);
std::vector<row> measure_mobilenet(settings const&);

}  // namespace bench
