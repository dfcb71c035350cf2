// Names what is on images: example_predict net.safetensors image.png…
// The model is one that `examples/quickstart --save net.safetensors` has written, the images are PNGs of
// 28×28, light on dark; colours are read as grey.
#include "../train/resnet8.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/state_dict.hpp>

#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

using namespace laminate;
using model = Model<ResNet8>;

namespace {

std::vector<float> read_png(char const* path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  std::vector<unsigned char> bytes(static_cast<std::size_t>(model::in.size()));
  bool const begun = png_image_begin_read_from_file(&image, path);
  bool const fits =
      begun && static_cast<int>(image.width) == model::in.width && static_cast<int>(image.height) == model::in.height;
  image.format = PNG_FORMAT_GRAY;
  bool const read = fits && png_image_finish_read(&image, nullptr, bytes.data(), 0, nullptr);
  std::string const reason =
      begun && !fits ? "is " + std::to_string(image.width) + "×" + std::to_string(image.height) + " instead of 28×28"
                     : image.message;
  png_image_free(&image);
  if (!read) throw error(path, reason);
  std::vector<float> pixels;
  for (unsigned char const byte : bytes) pixels.push_back(static_cast<float>(byte) / 255);
  return pixels;
}

std::vector<float> softmax(std::vector<float> y) {
  float const most = *std::ranges::max_element(y);
  for (float& v : y) v = std::exp(v - most);
  float const sum = std::accumulate(y.begin(), y.end(), 0.0f);
  for (float& v : y) v /= sum;
  return y;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) return std::fprintf(stderr, "usage: %s net.safetensors image.png…\n", argv[0]), 2;
  model net{1, 1};
  extras const kept = load(net, argv[1]);
  std::vector<std::string> classes;
  std::istringstream names(read_notes(argv[1])["classes"]);
  for (std::string name; std::getline(names, name);) classes.push_back(name);
  for (int i = static_cast<int>(classes.size()); i < model::out.size(); ++i)
    classes.push_back("class " + std::to_string(i));

  for (int i = 2; i < argc; ++i) {
    auto pixels = read_png(argv[i]);
    for (float& v : pixels) v = (v - kept.at("scaling.mean").at(0)) / kept.at("scaling.scale").at(0);
    std::vector<float> y(static_cast<std::size_t>(model::out.size()));
    net.infer(pixels, y);
    auto const p = softmax(y);
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, std::greater(), [&](std::size_t c) { return p[c]; });
    std::printf("%s", argv[i]);
    for (std::size_t const c : {order[0], order[1], order[2]})
      std::printf("  %s %.1f %%", classes[c].c_str(), 100 * p[c]);
    std::printf("\n");
  }
} catch (std::exception const& failure) {
  std::fprintf(stderr, "error: %s\n", failure.what());
  return 1;
}
