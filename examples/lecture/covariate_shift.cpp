// Internal covariate shift: while the layers before it learn, the inputs of a hidden layer move. How far,
// with and without batch normalisation?
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

// As in the paper on BN (Ioffe & Szegedy 2015, arXiv:1502.03167, section 4.1): three layers of 100 logistic
// functions.
using With = Network<Image<1, 28, 28>, Flatten, Repeat<3, Dense<100>, BN, Logistic>, Dense<10>>;
using Without = without<BN, With>;

constexpr int batch_size = 60, probe_size = 300;

/// Where one unit's input lies over the probe, as parts of the distribution.
struct position {
  double low = 0, middle = 0, high = 0;  // 15th, 50th and 85th percentile
};

position of_unit(layer_result<float> const& layer, int unit) {
  std::vector<float> values;
  for (int n = 0; n < probe_size; ++n) values.push_back(layer.output[n * layer.out.size() + unit]);
  std::ranges::sort(values);
  return {values[15 * probe_size / 100], values[probe_size / 2], values[85 * probe_size / 100]};
}

/// The two layers before the last logistic functions, for a fixed part of the training set, in training mode:
/// what goes into these, and what with BN goes into that.
template<class Net>
std::array<std::vector<position>, 2> last_hidden_layer(Model<Net> const& model, std::span<float const> probe) {
  static Model<Net, Reference> glass{0, probe_size};
  static std::vector<float> y(probe_size * 10);
  load_state_dict(glass, state_dict(model));
  glass.forward(probe, y);
  auto const layers = layer_results(glass);  // …, Dense<100>, BN, Logistic, Dense<10>
  std::array<std::vector<position>, 2> found;
  for (std::size_t back : {3, 4})
    for (int unit = 0; unit < 100; ++unit) found[back - 3].push_back(of_unit(layers[layers.size() - back], unit));
  return found;
}

/// How far the units' medians have moved since the beginning, compared with the distributions' widths there:
/// the mean over units of |median − first median| / (high − low).
double moved(std::vector<position> const& first, std::vector<position> const& now) {
  weighted_mean mean;
  for (std::size_t i = 0; i < now.size(); ++i)
    mean.add(std::abs(now[i].middle - first[i].middle) / (first[i].high - first[i].low));
  return mean.value();
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv,
                          "Internal covariate shift: batch normalisation keeps a hidden layer's inputs in place"};
  auto csv = run.csv("covariate_shift", "normalised,seed,step,low,middle,high,moved,moved_before_bn,accuracy");
  auto const data = run.images(run.pick(12'000, 1'200), run.pick(2'000, 300));
  std::span const probe(data.train.images.data(), probe_size * data.train.sample.size());
  int const epochs = run.pick(10, 5), every = run.pick(40, 100);
  std::array<lecture::spread, 2> shift;
  for_networks<With, Without>([&]<class Net>() {
    bool const bn = count<BN, Net>() > 0;
    std::vector<double> accuracies, before_bn;
    shift[bn] = run.over_seeds([&](std::uint64_t seed) {
      Model<Net> model{seed, batch_size};
      model.threads(1);
      auto const first = last_hidden_layer(model, probe);
      double most = 0, most_before = 0;
      auto const look = [&](std::uint64_t step, double accuracy) {
        auto const now = last_hidden_layer(model, probe);
        double const shift = moved(first[0], now[0]), before = bn ? moved(first[1], now[1]) : 0;
        most = std::max(most, shift), most_before = std::max(most_before, before);
        csv.row(bn, seed, step, now[0][0].low, now[0][0].middle, now[0][0].high, shift, before, accuracy);
      };
      look(0, 0.1);
      fit(model, data.train,
          fit_options{.epochs = epochs,
                      .batch = batch_size,
                      .seed = seed,
                      .optimizer = SGD{.lr = 0.5},
                      .on_batch = [&](batch_report const& r) {
                        if (r.step % every == 0) look(r.step, r.so_far.accuracy);
                      }});
      before_bn.push_back(most_before);
      accuracies.push_back(evaluate(model, data.test).accuracy);
      return most;
    });
    std::printf("%-7s inputs move by up to %s of their first width; test accuracy %s\n", bn ? "with" : "without",
                lecture::text(shift[bn], "%.2f").c_str(), lecture::text(lecture::spread_of(accuracies)).c_str());
    if (bn)
      std::printf("        and what goes into BN by %s\n",
                  lecture::text(lecture::spread_of(before_bn), "%.2f").c_str());
  });
  run.expect(shift[false].least > 5 * shift[true].most, "with BN the inputs move less than a fifth as far");
  return run.verdict();
}
