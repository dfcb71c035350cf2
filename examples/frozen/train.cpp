// Trains the network of main.cpp for some seconds: example_frozen_train lenet.safetensors images classes.
// Into `images` go those of the test set, bytes for main.cpp, and into `classes` what the trained model says
// of them.
#include "network.hpp"

#include <laminate/laminate.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace laminate;

int main(int, char** arguments) {
  split data = generate_shapes(3000, 500, 7);
  std::string images, classes;
  for (float& pixel : data.test.images) {
    images += static_cast<char>(std::lround(std::clamp(pixel, 0.0f, 1.0f) * 255));
    pixel = static_cast<unsigned char>(images.back()) / 255.0f;
  }
  auto const scaling = standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);

  Model<Net> model{1, 50};
  fit(model, data.train, fit_options{.epochs = 4, .batch = 50, .optimizer = AdamW{.lr = 0.002}});
  std::printf("test accuracy %.3f\n", evaluate(model, data.test).accuracy);
  save(model, arguments[1], {{"scaling.mean", scaling.mean}, {"scaling.scale", scaling.scale}});

  batches test = batches::in_order(data.test, 50);
  std::vector<float> y(50 * Model<Net>::out.size());
  for (batch const& b : test.epoch(0)) {
    model.infer(b.images, y);
    for (int i = 0; i < b.size(); ++i)
      classes +=
          std::string{static_cast<char>('0' + predicted_class(std::span<float const>(y).subspan(10 * i, 10))), '\n'};
  }
  write_atomically(arguments[2], images);
  write_atomically(arguments[3], classes);
}
