// Activations of one's own, in the three ways to state one: checked against finite differences, then trained.
// ctest:
#include <laminate/laminate.hpp>

#include <iostream>

using namespace laminate;

// By its formula: x·tanh(log(1 + exp(x))), so written that exp does not overflow. The derivative is found while
// compiling, and the kernels take it in like a built-in one.
using Mish = Activation<[](auto x) { return x * tanh(max(x, 0) + log1p(exp(-abs(x)))); }>;

// By value and slope, where one knows a shorter slope than the derived one.
struct Squareplus : word {
  static constexpr auto value = [](auto x) { return (x + sqrt(x * x + 4)) / 2; };
  static constexpr auto slope = [](auto x) { return value(x) / sqrt(x * x + 4); };
  static constexpr bool rectifies = true;  // initialise as for ReLU
  static constexpr bool monotone = true;   // never falls: a max pool may go first
  static constexpr facts about = mathematics<Squareplus>::about();
};

// With a parameter that is learned, here one for each channel.
struct LearnedSwish : word {
  static constexpr auto value = [](auto x, auto a) { return x / (1 + exp(-(a * x))); };
  static constexpr double initial = 1;
  static constexpr bool per_channel = true, rectifies = true;
  static constexpr facts about = mathematics<LearnedSwish>::about();
};

// clang-format off
constexpr auto net = image<1, 28, 28> >> conv<3, 8, Stride<2>> >> bn >> Mish{} >>
                     conv<3, 16, Stride<2>> >> bn >> LearnedSwish{} >>
                     global_avg_pool >> dense<32> >> Squareplus{} >> dense<10>;
// clang-format on

int main() {
  bool right = check_gradients<Mish>(image<2, 5, 4>);
  right = check_gradients<Squareplus>(image<2, 5, 4>) && right;
  right = check_gradients<LearnedSwish>(image<2, 5, 4>) && right;

  Model<decltype(net)> model{1};
  split data = generate_shapes(1280, 320, 1);
  auto const scaling = standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);
  auto const past = fit(model, data.train, fit_options{.epochs = 3, .optimizer = SGD{.lr = 0.1, .momentum = 0.9}});
  std::cout << "loss " << past.front().train.loss << " → " << past.back().train.loss << ", test accuracy "
            << evaluate(model, data.test).accuracy << '\n';
  return right && past.back().train.loss < past.front().train.loss ? 0 : 1;
}
