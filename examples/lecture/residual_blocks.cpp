// Inside residual blocks: how far from the identity they end up, how many zeros their ReLUs give, and the
// gradients of 56 layers, beside plain ones of the same layers.
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

using TwoLayers = Sequential<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN, ReLU>;
using Block = Sequential<Residual<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN>, ReLU>;
template<int N, class Pair>
using Deep = Network<Image<1, 28, 28>, Conv<5, 16, Stride<4>>, BN, ReLU, Repeat<N, Pair>, GlobalAvgPool, Dense<10>>;

/// Passes a batch back and forth through a network in double and calls use(i, its first ReLU, result of its
/// weight layers, output, input) for every pair of layers i, with a shortcut or without.
template<class Net> void look(Model<Net, Reference, double>& model, batch const& b, auto&& use) {
  std::vector<double> y(b.labels.size() * 10), dy(y.size());
  model.forward(std::vector<double>(b.images.begin(), b.images.end()), y);
  SoftmaxCrossEntropy{}(std::span<double const>(y), b.labels, std::span(dy));
  model.backward(dy);
  auto const layers = layer_results(model);
  std::vector<std::size_t> relus;  // the stem's, then two for each pair
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i].acts_as == role::activation) relus.push_back(i);
  for (std::size_t i = 0; 2 * i + 2 < relus.size(); ++i) {
    auto const output = relus[2 * i + 2], sum = output - 1;
    auto const result = layers[sum].acts_as == role::sum ? sum - 1 : sum;
    use(i, layers[relus[2 * i + 1]], layers[result], layers[output], layers[relus[2 * i]]);
  }
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "Inside residual blocks: distance from the identity, zeros, gradients"};
  auto csv = run.csv("residual_blocks", "network,seed,epochs,pair,distance,zeros");
  auto gradients = run.csv("residual_gradients", "network,seed,pair,norm");
  auto const data = run.images(run.pick(4'000, 500), 1).train;
  int const samples = run.pick(32, 4);
  std::vector<double> distance, last_distance;
  std::array<std::vector<double>, 2> share, first_share;  // of zeros, plain and residual

  for (int seed = 1; seed <= run.seeds; ++seed) {
    auto const number = static_cast<std::uint64_t>(seed);
    batches parts{data, {.size = samples, .seed = number}};
    batch const b = *parts.epoch(0).begin();
    auto const train_and_look = [&]<class Net>(bool residual) {
      Model<Net> model{number, 50};
      model.threads(1);
      for (int epochs : {0, run.pick(8, 2)}) {
        fit(model, data,
            fit_options{.epochs = epochs,
                        .batch = 50,
                        .seed = number,
                        .optimizer = SGD{.lr = 0.05, .momentum = 0.9},
                        .schedule = schedule::Cosine{}});
        Model<Net, Reference, double> glass{0, samples};
        load_state_dict(glass, state_dict(model));
        weighted_mean far, empty;
        look(glass, b, [&](std::size_t pair, auto& relu, auto& result, auto&, auto& input) {
          double const d = lecture::norm(result.output) / lecture::norm(input.output);
          double const z =
              static_cast<double>(std::ranges::count(relu.output, 0.0)) / static_cast<double>(relu.output.size());
          csv.row(residual ? "residual" : "plain", seed, epochs, pair + 1, d, z);
          far.add(d), empty.add(z);
        });
        (epochs == 0 ? first_share : share)[residual].push_back(empty.value());
        if (residual) (epochs == 0 ? distance : last_distance).push_back(far.value());
      }
    };
    train_and_look.operator()<Deep<9, TwoLayers>>(false);
    train_and_look.operator()<Deep<9, Block>>(true);
  }
  auto const cell = [](std::vector<double> const& values) { return lecture::text(lecture::spread_of(values)); };
  std::printf("|F(x)| / |x| in 9 blocks: %s at first, %s trained\n", cell(distance).c_str(),
              cell(last_distance).c_str());
  for (bool residual : {false, true})
    std::printf("%s: share of zeros after a pair's first ReLU %s at first, %s trained\n",
                residual ? "residual" : "plain", cell(first_share[residual]).c_str(), cell(share[residual]).c_str());
  run.expect(lecture::spread_of(last_distance).most < 1, "F is smaller than what it is added to");
  // One point of a hundred: too little for quick mode.
  if (!run.quick)
    run.expect(lecture::spread_of(share[1]).mean > lecture::spread_of(share[0]).mean,
               "ReLUs in residual branches give more zeros");

  // 56 layers before any training; without BN, weights half of He's size.
  std::array<lecture::spread, 4> kept;  // log10 of the first pair's gradient norm by the last one's
  char const* const networks[] = {"plain", "residual", "plain without BN", "residual without BN"};
  auto const first_gradients = [&]<class Net>(int kind, double scale) {
    kept[kind] = run.over_seeds([&](std::uint64_t seed) {
      batches parts{data, {.size = samples, .seed = seed}};
      Model<Net, Reference, double> model{1, samples};
      draw_weights(model, seed, [&](double in, double out) { return scale * deviation::he(in, out); });
      std::vector<double> norms;
      look(model, *parts.epoch(0).begin(), [&](std::size_t pair, auto&, auto&, auto& output, auto&) {
        norms.push_back(lecture::norm(output.gradient));
        gradients.row(networks[kind], seed, pair + 1, norms.back());
      });
      return std::log10(norms.front() / norms.back());
    });
    std::printf("%s: log10 of the first pair's gradient by the last one's %s\n", networks[kind],
                lecture::text(kept[kind], "%.1f").c_str());
  };
  first_gradients.operator()<Deep<27, TwoLayers>>(0, 1);
  first_gradients.operator()<Deep<27, Block>>(1, 1);
  first_gradients.operator()<without<BN, Deep<27, TwoLayers>>>(2, 0.5);
  first_gradients.operator()<without<BN, Deep<27, Block>>>(3, 0.5);
  run.expect(kept[2].most < -10 && kept[3].least > -1, "plain gradients vanish, residual ones do not");
  run.expect(kept[0].least > 2 && kept[1].most < 2, "with BN plain ones explode, residual ones do not");
  return run.verdict();
}
