// The slide's ConvNet: convolution, pooling, twice, then fully connected. What its filters look like, what
// they make of an image, which classes it takes for each other; and beside it a network without convolutions.
#include <laminate/laminate.hpp>

#include <algorithm>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

using ConvNet = Network<Image<1, 28, 28>,               //
                        Conv<5, 8>, ReLU, MaxPool<2>,   //
                        Conv<5, 16>, ReLU, MaxPool<2>,  //
                        Flatten, Dense<32>, ReLU, Dense<10>>;
using FullyConnected = Network<Image<1, 28, 28>, Flatten, Dense<37>, ReLU, Dense<10>>;
static_assert(parameters<ConvNet>() == 28'874 && parameters<FullyConnected>() == 29'425);

/// Every image moved to the right and down; what comes in is the background.
dataset moved(dataset data, int right, int down) {
  dataset const from = data;
  int const size = data.sample.width;
  for (int i = 0; i < data.size(); ++i)
    for (int row = 0; row < size; ++row)
      for (int column = 0; column < size; ++column) {
        bool const inside = row >= down && column >= right;
        data.image(i)[row * size + column] = from.image(i)[inside ? (row - down) * size + column - right : 0];
      }
  return data;
}

template<class Net> Model<Net> trained(dataset const& data, int epochs, std::uint64_t seed) {
  Model<Net> model{seed, 100};
  model.threads(1);
  fit(model, data,
      fit_options{.epochs = epochs,
                  .batch = 50,
                  .seed = seed,
                  .optimizer = SGD{.lr = 0.01, .momentum = 0.9},
                  .schedule = schedule::Cosine{}});
  return model;
}

/// One picture: rows of (row, column, value), blank lines after it, so that gnuplot can tell pictures apart.
void draw(lecture::table& csv, std::span<float const> pixels, int height, int width) {
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) csv.row(row, column, pixels[row * width + column]);
  csv.row(""), csv.row("");
}

/// The learned filters of the first layer, and all feature maps of one image.
void draw_inside(lecture::experiment const& run, Model<ConvNet> const& model, std::span<float const> image) {
  auto filters = run.csv("convolutional_network_filters", "row,column,weight");
  auto const dict = state_dict(model);
  for (int f = 0; f < 8; ++f) draw(filters, std::span(dict[0].values).subspan(f * 25, 25), 5, 5);
  auto maps = run.csv("convolutional_network_maps", "row,column,value");
  Model<ConvNet, Reference> glass{0, 1};
  load_state_dict(glass, dict);
  std::vector<float> y(10);
  glass.infer(image, y);
  auto const layers = layer_results(glass);
  for (int const l : {0, 2, 3, 5, 6})  // image, ReLU, pool, ReLU, pool
    for (int c = 0; c < layers[l].out.channels; ++c) {
      auto const pixels = static_cast<std::size_t>(layers[l].out.pixels());
      draw(maps, layers[l].output.subspan(c * pixels, pixels), layers[l].out.height, layers[l].out.width);
    }
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "A convolutional network: its filters, feature maps and mistakes"};
  auto csv = run.csv("convolutional_network", "network,seed,moved_by,accuracy");
  auto const data = run.images(run.pick(20'000, 1'500), run.pick(5'000, 500));
  std::array<std::array<std::vector<double>, 4>, 2> found;
  confusion_matrix mistakes{10};
  for (int seed = 1; seed <= run.seeds; ++seed) {
    auto const judge = [&]<class Net>(int kind) {
      auto model = trained<Net>(data.train, run.pick(4, 6), static_cast<std::uint64_t>(seed));
      for (int by = 0; by < 4; ++by) {
        found[kind][by].push_back(evaluate(model, moved(data.test, by, by)).accuracy);
        csv.row(kind == 0 ? "fully connected" : "convolutional", seed, by, found[kind][by].back());
      }
      if constexpr (std::same_as<Net, ConvNet>) {
        if (seed > 1) return;
        draw_inside(run, model, data.test.image(0));
        std::vector<float> y(1000);
        auto parts = batches::in_order(data.test, 100);
        for (batch const& b : parts.epoch(0)) {
          model.infer(b.images, y);
          mistakes.add(std::span<float const>(y), b.labels);
        }
      }
    };
    judge.operator()<FullyConnected>(0);
    judge.operator()<ConvNet>(1);
  }
  auto matrix = run.csv("convolutional_network_confusion", "label,predicted,count");
  for (int label = 0; label < 10; ++label)
    for (int predicted = 0; predicted < 10; ++predicted) matrix.row(label, predicted, mistakes.count(label, predicted));
  std::puts("| test images moved by | fully connected | convolutional |");
  std::array<double, 2> mean{};
  for (int by = 0; by < 4; ++by) {
    std::array const both{lecture::spread_of(found[0][by]), lecture::spread_of(found[1][by])};
    std::printf("| %d pixels | %s | %s |\n", by, lecture::text(both[0]).c_str(), lecture::text(both[1]).c_str());
    for (int kind = 0; kind < 2; ++kind) mean[kind] += both[kind].mean / 4;
  }
  run.expect(mean[1] > mean[0] + run.pick(0.05, 0.02), "convolutions and pools recognise more, also what has moved");
  return run.verdict();
}
