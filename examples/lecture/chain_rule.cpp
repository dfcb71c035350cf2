// The slides' four neurons in a row: ∂E/∂w₁ by the printed product of nine factors, and by `backward`.
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

// yᵢ = σ(zᵢ) = σ(wᵢxᵢ + bᵢ), four times: xᵢ₊₁ = yᵢ.
using FourNeurons =
    Network<Features<1>, Dense<1>, Logistic, Dense<1>, Logistic, Dense<1>, Logistic, Dense<1>, Logistic>;
using Neurons = Model<FourNeurons, Reference, double>;

constexpr double input = 0.7, target = 0.25;  // E = (y₄ − target)²

struct factor {
  char const* name;
  double value;
  int node;  // where backward has the product of all factors so far: a node's output gradient; −1: at w₁
};

double slope(double y) { return y * (1 - y); }  // σ′(z) = σ(z)(1 − σ(z)), the table of the slides

// ∂E/∂w₁ = ∂E/∂y₄ · σ′(z₄) · w₄ · σ′(z₃) · w₃ · σ′(z₂) · w₂ · σ′(z₁) · x₁
std::vector<factor> factors_of(Neurons const& model) {
  auto const layers = layer_results(model);
  auto const y = [&](int i) { return layers[2 * i].output[0]; };
  auto const weights = state_dict(model);
  auto const w = [&](int i) { return weights[2 * (i - 1)].values[0]; };
  return {{"dE/dy4", 2 * (y(4) - target), 8},
          {"s'(z4)", slope(y(4)), 7},
          {"w4", w(4), 6},
          {"s'(z3)", slope(y(3)), 5},
          {"w3", w(3), 4},
          {"s'(z2)", slope(y(2)), 3},
          {"w2", w(2), 2},
          {"s'(z1)", slope(y(1)), 1},
          {"x1", input, -1}};
}

void forward_and_back(Neurons& model, std::uint64_t seed, double size) {
  draw_weights(model, seed, [&](double, double) { return size; });
  double y = 0, dy = 0;
  model.forward({&input, 1}, {&y, 1});
  MeanSquaredError{}.against<double>({&y, 1}, {&target, 1}, {&dy, 1});
  model.backward({&dy, 1});
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv,
                          "Chain rule: the gradient of the first weight is the product of what lies behind it"};
  auto csv = run.csv("chain_rule", "weights,seed,place,factor,factor_value,product,backward");
  int const chains = run.pick(10'000, 1'000);
  int equal = 0, shorter_equal = 0;
  Neurons model{1, 1};
  for (double const size : {1.0, 4.0, 16.0}) {
    std::vector<double> first_to_last;
    int vanished = 0;
    for (int seed = 1; seed <= chains; ++seed) {
      forward_and_back(model, static_cast<std::uint64_t>(seed), size);
      double const by_backward = gradients(model)[0].values[0];
      auto const layers = layer_results(model);
      double product = 1, before = 0;
      int place = 0;
      for (factor const& f : factors_of(model)) {
        before = product, product *= f.value;
        double const there = f.node < 0 ? by_backward : layers[f.node].gradient[0];
        if (seed <= run.seeds) csv.row(size, seed, ++place, f.name, f.value, product, there);
        if (seed == 1 && size == 1)
          std::printf("%8s %12.8f   product %12.4e   backward %12.4e\n", f.name, f.value, product, there);
      }
      equal += product == by_backward;
      if (product == 0)
        ++vanished;
      else
        shorter_equal += before == by_backward;
      if (double const last = gradients(model)[6].values[0]; last != 0)
        first_to_last.push_back(std::abs(by_backward / last));
    }
    std::ranges::sort(first_to_last);
    auto const part = [&](double p) {
      return first_to_last[static_cast<std::size_t>(p * static_cast<double>(first_to_last.size()))];
    };
    std::printf("w ~ N(0, %g²): |dE/dw1 / dE/dw4| has the median %.2g, quartiles %.2g and %.2g; %d of %d are 0\n", size,
                part(0.5), part(0.25), part(0.75), vanished, chains);
    run.expect(part(0.5) < (size == 1 ? 0.01 : 0.2), "the first weight's gradient is far smaller than the last's");
  }
  std::printf("%d of %d products equal the gradient of backward bit by bit\n", equal, 3 * chains);
  run.expect(equal == 3 * chains, "the product is the gradient, in every bit");
  run.expect(shorter_equal == 0, "and with one factor less it is not");
  return run.verdict();
}
