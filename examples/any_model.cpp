// The depth of a network and its number of classes chosen on the command line, although each choice is a type:
//   example_any_model DEPTH [CLASSES [EPOCHS [IMAGES]]]
// ctest: 8 10 1 320
// ctest: 20 5 1 64
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <utility>

using namespace laminate;

// The list is all there is to extend; one batch costs one indirect call, everything within is compiled.
template<int Depth, int Classes> using Net = zoo::ResNet<Depth, Classes, 8, zoo::Projected, Image<1, 28, 28>>;
using Any = AnyModel<Net<8, 10>, Net<20, 10>, Net<8, 5>, Net<20, 5>>;
constexpr std::pair<int, int> choices[]{{8, 10}, {20, 10}, {8, 5}, {20, 5}};

// The samples of the first so many classes.
dataset of_classes(int classes, dataset const& all) {
  dataset some{all.sample, classes, {}, {}};
  for (int i = 0; i < all.size(); ++i)
    if (all.labels[i] < classes) {
      some.labels.push_back(all.labels[i]);
      some.images.insert(some.images.end(), all.image(i).begin(), all.image(i).end());
    }
  return some;
}

int main(int argc, char** argv) {
  auto const argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  auto const chosen = std::ranges::find(choices, std::pair{argument(1, 8), argument(2, 10)});
  if (chosen == std::end(choices)) {
    std::cerr << "usage: " << argv[0] << " 8|20 [5|10 [EPOCHS [IMAGES]]]\n";
    return 1;
  }

  Any model{static_cast<int>(chosen - choices), 1, 32};
  model.visit([](auto& m) { summary(std::cout, m); });  // what asks for the type gets it

  split data = generate_shapes(argument(4, 6000), 1000, 1);
  data = {of_classes(chosen->second, data.train), of_classes(chosen->second, data.test)};
  auto const scaling = standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);
  auto const past = fit(model, data.train,
                        fit_options{.epochs = argument(3, 3),
                                    .batch = 32,
                                    .optimizer = SGD{.lr = 0.05, .momentum = 0.9},
                                    .evaluation = &data.test});
  for (auto const& epoch : past)
    std::cout << "epoch " << epoch.epoch << ": loss " << epoch.train.loss << ", test accuracy "
              << epoch.evaluation->accuracy << '\n';
}
