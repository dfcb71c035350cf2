// The algebra of the residual slides, on a trained network and in double: F = 0 is the identity, x_L = x_l +
// ΣF(x_i), and the gradient at x_l is that at x_L times (1 + ∂ΣF/∂x_l).
#include <laminate/laminate.hpp>

#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

// x_{l+1} = x_l + F(x_l), with nothing behind the sum: the order in which the paper of these slides writes a
// block (He et al. 2016, arXiv:1603.05027).
using F = Sequential<BN, ReLU, Conv<3, 16>, BN, ReLU, Conv<3, 16>>;
using Block = Residual<BN, ReLU, Conv<3, 16>, BN, ReLU, Conv<3, 16>>;
constexpr int blocks = 9, nodes_of_block = 7,
              stem = 3;  // six layers and their sum; Conv, BN, ReLU before the first
using Net = Network<Image<1, 28, 28>, Conv<5, 16, Stride<4>>, BN, ReLU, Repeat<blocks, Block>, BN, ReLU, GlobalAvgPool,
                    Dense<10>>;

constexpr int samples = 16;
using Glass = Model<Net, Reference, double>;
using Branch = Model<Network<Image<16, 7, 7>, F>, Reference, double>;

/// F of block number `block`, with the parameters it has in the network.
Branch f_of_block(Glass const& model, int block) {
  Branch f{1, samples};
  std::string const prefix = std::to_string(stem + block) + ".body.";
  std::vector<named_tensor<double>> own;
  for (auto tensor : state_dict(model))
    if (tensor.name.starts_with(prefix)) {
      tensor.name = "0." + tensor.name.substr(prefix.size());
      own.push_back(std::move(tensor));
    }
  load_state_dict(f, own);
  return f;
}

/// The largest difference, as a part of the largest value.
double difference(std::span<double const> a, std::span<double const> b) {
  double most = 0, scale = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(a[i] - b[i])), scale = std::max(scale, std::abs(b[i]));
  return most / scale;
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv,
                          "Residual blocks: F = 0 is the identity, x_L = x_l + sum of F, and the gradient's 1 +"};
  auto csv =
      run.csv("residual_identity", "seed,l,outputs_differ,without_last_F,gradients_differ,direct,through_weights");

  // If identity were optimal, it would be easy: weights of 0. They take the signs of zeros along, too.
  Model<Network<Image<16, 7, 7>, Block>, Reference, double> zero{1, samples};
  draw_weights(zero, 1, [](double, double) { return 0.0; });
  std::vector<double> x(samples * zero.in.size()), y(x.size());
  generator random{1};
  for (double& v : x) v = random.normal();
  zero.forward(x, y);
  run.expect(x == y, "with F = 0 a block is the identity, bit by bit");

  auto const data = run.images(run.pick(4'000, 400), samples).train;
  double worst_output = 0, least_without = 1e9, worst_gradient = 0, least_direct = 1e9;
  for (int seed = 1; seed <= run.seeds; ++seed) {
    Model<Net> trained{static_cast<std::uint64_t>(seed), 50};
    trained.threads(1);
    fit(trained, data,
        fit_options{.epochs = run.pick(4, 1), .batch = 50, .optimizer = SGD{.lr = 0.05, .momentum = 0.9}});
    Glass model{0, samples};
    load_state_dict(model, state_dict(trained));
    std::vector<double> logits(samples * 10), dy(logits.size());
    std::vector<double> const images(data.images.begin(), data.images.begin() + samples * Glass::in.size());
    model.forward(images, logits);
    SoftmaxCrossEntropy{}(std::span<double const>(logits), std::span(data.labels).first(samples), std::span(dy));
    model.backward(dy);
    auto const layers = layer_results(model);
    auto const at = [&](int l) { return layers[stem + nodes_of_block * l]; };  // x_l, 0 ≤ l ≤ blocks

    std::vector<double> through(at(0).output.size());  // Σ ∂F/∂x · gradient behind it, from block l on
    for (int l = blocks - 1; l >= 0; --l) {
      // x_L again, from x_l and every F behind it, in the order of the blocks.
      std::vector<double> sum(at(l).output.begin(), at(l).output.end()), before;
      for (int i = l; i < blocks; ++i) {
        Branch f = f_of_block(model, i);
        std::vector<double> value(sum.size());
        f.forward(sum, value);
        before = sum;
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += value[k];
      }
      double const outputs = difference(sum, at(blocks).output), without = difference(before, at(blocks).output);
      // The gradient at x_l: what comes straight from x_L, and what came through the weights of each block.
      Branch f = f_of_block(model, l);
      std::vector<double> value(sum.size()), contribution(sum.size()), total(sum.size());
      f.forward(at(l).output, value);
      f.backward(at(l + 1).gradient, contribution);
      for (std::size_t k = 0; k < sum.size(); ++k) {
        through[k] += contribution[k];
        total[k] = at(blocks).gradient[k] + through[k];
      }
      double const gradients = difference(total, at(l).gradient);
      double const direct = lecture::norm(at(blocks).gradient) / lecture::norm(at(l).gradient);
      csv.row(seed, l, outputs, without, gradients, direct, lecture::norm(through) / lecture::norm(at(l).gradient));
      worst_output = std::max(worst_output, outputs), least_without = std::min(least_without, without);
      worst_gradient = std::max(worst_gradient, gradients), least_direct = std::min(least_direct, direct);
    }
  }
  std::printf("x_L against x_l + sum of F: %.1e apart (one F left out: %.1e); gradients %.1e apart\n", worst_output,
              least_without, worst_gradient);
  run.expect(worst_output == 0 && least_without > 1e-3, "x_L = x_l + sum of F, bit by bit, and with no F left out");
  run.expect(worst_gradient < 1e-13 && least_direct > 1e-3,
             "the gradient is that at x_L, times 1 + what went through F");
  return run.verdict();
}
