// Deeper should not be worse: a plain network of 56 layers is, one of residual blocks is not. Four networks
// of the same width, trained alike.
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

// Two weight layers that have to fit H(x), or F(x) with H(x) = F(x) + x.
using TwoLayers = Sequential<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN, ReLU>;
using Block = Sequential<Residual<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN>, ReLU>;

template<int N, class Pair>
using Deep = Network<Image<1, 28, 28>, Conv<5, 16, Stride<4>>, BN, ReLU, Repeat<N, Pair>, GlobalAvgPool, Dense<10>>;

using Plain20 = Deep<9, TwoLayers>;
using Residual20 = Deep<9, Block>;
using Plain56 = Deep<27, TwoLayers>;
using Residual56 = Deep<27, Block>;
static_assert(depth<Plain56>() == 56 && depth<Residual56>() == 56 && parameters<Plain56>() == parameters<Residual56>());

struct outcome {
  std::vector<double> loss, accuracy, test_accuracy;
};

template<class Net> outcome train(split const& data, int epochs, std::uint64_t seed, auto&& at_each) {
  Model<Net> model{seed, 50};
  model.threads(1);
  outcome found;
  fit(model, data.train,
      fit_options{.epochs = epochs,
                  .batch = 50,
                  .seed = seed,
                  .optimizer = SGD{.lr = 0.05, .momentum = 0.9},
                  .schedule = schedule::Cosine{},
                  .on_epoch = [&](epoch_report const& r) {
                    double const test = evaluate(model, data.test).accuracy;
                    found.loss.push_back(r.train.loss), found.accuracy.push_back(r.train.accuracy);
                    found.test_accuracy.push_back(test);
                    at_each(r.epoch, r.train.loss, r.train.accuracy, test);
                  }});
  return found;
}

/// The first epoch, from 1, whose loss is at most `goal`; one more than there are where none is.
int epochs_to(double goal, std::vector<double> const& loss) {
  return 1 + static_cast<int>(std::ranges::find_if(loss, [&](double l) { return l <= goal; }) - loss.begin());
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "Residual networks: deeper plain networks get worse, residual ones do not"};
  auto csv = run.csv("residual_networks", "network,seed,epoch,loss,accuracy,test_accuracy");
  auto const data = run.images(run.pick(4'000, 600), run.pick(2'000, 100));
  int const epochs = run.pick(16, 4);
  char const* const names[] = {"plain 20", "residual 20", "plain 56", "residual 56"};
  std::array<std::vector<outcome>, 4> found;
  auto const train_all = [&]<class Net>(int kind) {
    for (int seed = 1; seed <= run.seeds; ++seed)
      found[kind].push_back(train<Net>(data, epochs, static_cast<std::uint64_t>(seed),
                                       [&](auto... now) { csv.row(names[kind], seed, now...); }));
  };
  train_all.operator()<Plain20>(0);
  train_all.operator()<Residual20>(1);
  train_all.operator()<Plain56>(2);
  train_all.operator()<Residual56>(3);

  std::puts("| network | training loss | training accuracy | test accuracy | epochs to plain 20's last loss |");
  std::array<lecture::spread, 4> loss;
  for (int kind = 0; kind < 4; ++kind) {
    std::array<std::vector<double>, 4> last;
    for (std::size_t s = 0; s < found[kind].size(); ++s) {
      auto const& o = found[kind][s];
      int const needed = epochs_to(found[0][s].loss.back(), o.loss);
      double const numbers[] = {o.loss.back(), o.accuracy.back(), o.test_accuracy.back(), static_cast<double>(needed)};
      for (int i = 0; i < 4; ++i) last[i].push_back(numbers[i]);
    }
    loss[kind] = lecture::spread_of(last[0]);
    auto const cell = [&](int i, char const* format) { return lecture::text(lecture::spread_of(last[i]), format); };
    std::printf("| %s | %s | %s | %s | %s |\n", names[kind], cell(0, "%.3f").c_str(), cell(1, "%.3f").c_str(),
                cell(2, "%.3f").c_str(), cell(3, "%.1f").c_str());
  }
  run.expect(loss[2].mean > 1.05 * loss[0].mean, "56 plain layers have a higher training loss than 20: degradation");
  // Not in quick mode, which is too short for the deep one to catch up.
  if (!run.quick) run.expect(loss[3].mean < 1.05 * loss[1].mean, "56 residual layers do not");
  run.expect(loss[3].most < loss[2].least, "with 56 layers the residual network is the better one");
  return run.verdict();
}
