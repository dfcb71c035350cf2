// Gradients on their way back through 4 to 64 layers, for three activations and four sizes of first weights;
// and what one can know about them before, as a constant.
#include <laminate/laminate.hpp>

#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

constexpr int width = 64, samples = 32;

template<int Depth, class Activation>
using Deep = Network<Image<1, 28, 28>, Flatten, Repeat<Depth, Dense<width>, Activation>, Dense<10>>;

// |σ′| ≤ bound. A layer changes a gradient's norm by σ′ and by its weights, whose deviation × √width is what
// they do on average to a vector; so the chain rule says beforehand:
template<class Activation> constexpr double slope_bound = 1;
template<> constexpr double slope_bound<Logistic> = 0.25;

template<class Activation> constexpr double predicted(double deviation_times_root_width, int layers) {
  double product = 1;
  for (int i = 0; i < layers; ++i) product *= slope_bound<Activation> * deviation_times_root_width;
  return product;
}
static_assert(predicted<Logistic>(1, 8) == 1.0 / 65536 && predicted<Tanh>(1, 64) == 1);

struct initialisation {
  char const* name;
  double (*deviation)(double fan_in, double fan_out);
};
constexpr initialisation initialisations[] = {
    {"small", [](double, double) { return 0.05; }},
    {"Glorot", [](double in, double out) { return deviation::glorot(in, out); }},
    {"He", [](double in, double out) { return deviation::he(in, out); }},
    {"large", [](double, double) { return 1.0; }},
};

/// ‖∂E/∂yᵢ‖ of every hidden layer, for one batch.
template<class Net> std::vector<double> norms(dataset const& data, std::uint64_t seed, initialisation const& first) {
  Model<Net, Reference, double> model{seed, samples};
  draw_weights(model, seed, first.deviation);
  std::vector<double> y(samples * 10), dy(y.size());
  batches training{data, {.size = samples, .seed = seed}};
  batch const b = *training.epoch(0).begin();
  model.forward(std::vector<double>(b.images.begin(), b.images.end()), y);
  SoftmaxCrossEntropy{}(std::span<double const>(y), b.labels, std::span(dy));
  model.backward(dy);
  std::vector<double> all;
  for (auto const& layer : layer_results(model))
    if (layer.acts_as == role::activation) all.push_back(lecture::norm(layer.gradient));
  return all;
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "Vanishing and exploding: a gradient is a product with a factor for each layer"};
  auto csv = run.csv("vanishing_gradients", "activation,first_weights,depth,seed,first_to_last,predicted");
  auto by_layer = run.csv("vanishing_gradients_by_layer", "activation,first_weights,seed,layer,norm");
  auto const data = run.images(3'200, samples).train;
  std::array<std::array<double, 4>, 3> factor{};  // of one layer, the geometric mean over a network
  bool within_bounds = true;

  auto const measure = [&]<class Activation, int Depth>(int a, char const* name) {
    for (int i = 0; i < 4; ++i) {
      auto const& first = initialisations[i];
      double const gain = first.deviation(width, width) * std::sqrt(width);
      auto const ratio = run.over_seeds([&](std::uint64_t seed) {
        auto const all = norms<Deep<Depth, Activation>>(data, seed, first);
        for (int layer = 0; Depth == 64 && layer < Depth; ++layer)
          by_layer.row(name, first.name, seed, layer + 1, all[layer]);
        csv.row(name, first.name, Depth, seed, all.front() / all.back(), predicted<Activation>(gain, Depth - 1));
        return std::log10(all.front() / all.back());
      });
      factor[a][i] = std::pow(10, ratio.mean / (Depth - 1));
      within_bounds = within_bounds && factor[a][i] < 1.1 * slope_bound<Activation> * gain;
      std::printf("| %d | %s | %s | %.3g | %.3f | %s |\n", Depth, name, first.name, slope_bound<Activation> * gain,
                  factor[a][i], lecture::text(ratio, "%.1f").c_str());
    }
  };
  auto const measure_all = [&]<int Depth>() {
    measure.operator()<Logistic, Depth>(0, "Logistic");
    measure.operator()<Tanh, Depth>(1, "Tanh");
    measure.operator()<ReLU, Depth>(2, "ReLU");
  };
  std::puts(
      "| depth | activation | first weights | a layer's factor, at most | measured | log10 of first / last "
      "|");
  if (!run.quick) measure_all.operator()<4>(), measure_all.operator()<8>();
  measure_all.operator()<16>();
  if (!run.quick) measure_all.operator()<32>(), measure_all.operator()<64>();

  auto const& [logistic, tangent, rectified] = factor;
  run.expect(within_bounds, "a layer passes on no more than predicted, within a tenth");
  run.expect(logistic[0] < 0.2 && logistic[1] < 0.4 && logistic[2] < 0.5, "behind logistic functions gradients vanish");
  run.expect(tangent[0] < 0.6 && rectified[0] < 0.5, "with small weights they vanish behind the others too");
  run.expect(tangent[3] > 1.5 && rectified[3] > 3, "with large weights they explode");
  run.expect(std::abs(tangent[1] - 1) < 0.15 && std::abs(rectified[2] - 1) < 0.15, "Glorot's keep tanh's, He's ReLU's");
  return run.verdict();
}
