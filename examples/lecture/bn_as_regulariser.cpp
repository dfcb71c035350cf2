// "It also acts as a regularisation method, similar to dropout." Four networks learn few images by heart: how
// much worse are they on images they have not seen?
#include <laminate/laminate.hpp>

#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

template<class... Extras> using Dense128 = Repeat<2, Dense<128>, Extras...>;
template<class Hidden> using Classifier = Network<Image<1, 28, 28>, Flatten, Hidden, Dense<10>>;

using Plain = Classifier<Dense128<ReLU>>;
using Normalised = Classifier<Dense128<BN, ReLU>>;
using Dropped = Classifier<Dense128<ReLU, Dropout<0.5>>>;
using Both = Classifier<Dense128<BN, ReLU, Dropout<0.5>>>;

char const* const names[] = {"neither", "BN", "dropout", "both"};

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "BN as a regulariser, beside dropout"};
  auto csv = run.csv("bn_as_regulariser", "network,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy");
  auto const data = run.images(run.pick(2'000, 300), run.pick(5'000, 600));
  int const epochs = run.pick(60, 20);
  std::array<lecture::spread, 4> loss;
  std::puts("| network | training loss | accuracy | test loss, last | accuracy | test loss, least | at epoch |");
  int kind = 0;
  for_networks<Plain, Normalised, Dropped, Both>([&]<class Net>() {
    std::array<std::vector<double>, 5> found;
    loss[kind] = run.over_seeds([&](std::uint64_t seed) {
      Model<Net> model{seed, 100};
      model.threads(1);
      score test{1e9, 0}, train{};
      double least = 1e9, at = 0;
      fit(model, data.train,
          fit_options{.epochs = epochs,
                      .batch = 20,
                      .seed = seed,
                      .optimizer = SGD{.lr = 0.05},
                      .on_epoch = [&](epoch_report const& r) {
                        train = evaluate(model, data.train), test = evaluate(model, data.test);
                        csv.row(names[kind], seed, r.epoch, train.loss, train.accuracy, test.loss, test.accuracy);
                        if (test.loss < least) least = test.loss, at = r.epoch;
                      }});
      double const numbers[] = {train.loss, train.accuracy, test.accuracy, least, at};
      for (int i = 0; i < 5; ++i) found[i].push_back(numbers[i]);
      return test.loss;
    });
    auto const cell = [&](int i) { return lecture::text(lecture::spread_of(found[i])); };
    std::printf("| %s | %s | %s | %s | %s | %s | %s |\n", names[kind], cell(0).c_str(), cell(1).c_str(),
                lecture::text(loss[kind]).c_str(), cell(2).c_str(), cell(3).c_str(),
                lecture::text(lecture::spread_of(found[4]), "%.0f").c_str());
    ++kind;
  });
  run.expect(loss[2].mean < 0.8 * loss[0].mean, "with dropout the test loss stays lower");
  run.expect(loss[1].mean < 0.97 * loss[0].mean, "with BN too");
  run.expect(loss[2].mean < 0.9 * loss[1].mean, "but dropout does more");
  return run.verdict();
}
