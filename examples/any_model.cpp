// The depth of a network chosen on the command line, although every depth is a type:
//   example_any_model DEPTH [EPOCHS [IMAGES]]
// ctest: 8 1 320
// ctest: 20 1 64
#include <laminate/laminate.hpp>

#include <array>
#include <cstdlib>
#include <iostream>

using namespace laminate;

// The list is all there is to extend; one batch costs one indirect call, everything within is compiled.
template<int Depth> using Net = zoo::ResNet<Depth, 10, 8, zoo::Projected, Image<1, 28, 28>>;
using Any = AnyModel<Net<8>, Net<14>, Net<20>>;
constexpr std::array depths{8, 14, 20};

int main(int argc, char** argv) {
  auto const argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  auto const chosen = std::ranges::find(depths, argument(1, 8));
  if (chosen == depths.end()) {
    std::cerr << "usage: " << argv[0] << " 8|14|20 [EPOCHS [IMAGES]]\n";
    return 1;
  }

  Any model{static_cast<int>(chosen - depths.begin()), 1, 32};
  model.visit([](auto& m) { summary(std::cout, m); });  // what asks for the type gets it

  split data = generate_shapes(argument(3, 6000), 1000, 1);
  auto const scaling = standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);
  auto const past = fit(model, data.train,
                        fit_options{.epochs = argument(2, 3),
                                    .batch = 32,
                                    .optimizer = SGD{.lr = 0.05, .momentum = 0.9},
                                    .evaluation = &data.test});
  for (auto const& epoch : past)
    std::cout << "epoch " << epoch.epoch << ": loss " << epoch.train.loss << ", test accuracy "
              << epoch.evaluation->accuracy << '\n';
}
