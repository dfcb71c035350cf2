// Names what is on images: example_predict --model net.safetensors image.png… [--sheet sheet.svg]
// The model is one that `examples/quickstart --save net.safetensors` has written; the names of its classes are in the
// file. Images are PNG or JPEG of any size, light on dark; colours are read as grey. The sheet shows them all.
#include "../train/resnet8.hpp"
#include "sheet.hpp"

#include <laminate/data/image_folder.hpp>
#include <laminate/data/scaling.hpp>
#include <laminate/io/checkpoint.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/state_dict.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

using namespace laminate;
using model = Model<ResNet8>;

namespace {

std::vector<float> softmax(std::vector<float> y) {
  float const most = *std::ranges::max_element(y);
  for (float& v : y) v = std::exp(v - most);
  float const sum = std::accumulate(y.begin(), y.end(), 0.0f);
  for (float& v : y) v /= sum;
  return y;
}

/// A model, and what is kept with it.
struct classifier {
  model net{1, 1};
  standardisation scaling;
  std::vector<std::string> classes;

  explicit classifier(std::filesystem::path const& file) {
    extras const kept = load(net, file);
    for (char const* name : {"scaling.mean", "scaling.scale"})
      if (!kept.contains(name))
        throw error(file.string(), std::string("has no ") + name + ": train it by examples/train");
    scaling = {kept.at("scaling.mean"), kept.at("scaling.scale")};
    std::istringstream names(read_notes(file)["classes"]);
    for (std::string name; std::getline(names, name);) classes.push_back(name);
    for (int i = static_cast<int>(classes.size()); i < model::out.size(); ++i)
      classes.push_back("class " + std::to_string(i));
  }

  /// The three likeliest classes.
  std::vector<std::pair<std::string, float>> classify(decoded_image const& image) {
    std::vector<float> x = fit_image(image, model::in), y(static_cast<std::size_t>(model::out.size()));
    scaling.apply(x, model::in);
    net.infer(x, y);
    auto const p = softmax(y);
    std::vector<std::pair<std::string, float>> found;
    for (std::size_t c = 0; c < p.size(); ++c) found.emplace_back(classes[c], p[c]);
    std::ranges::sort(found, std::greater(), [](auto const& one) { return one.second; });
    found.resize(std::min<std::size_t>(found.size(), 3));
    return found;
  }
};

}  // namespace

int main(int argc, char** argv) try {
  std::filesystem::path file, sheet;
  std::vector<std::filesystem::path> images;
  CLI::App app{"Names what is on images, by a model of examples/quickstart --save net.safetensors"};
  app.add_option("--model", file, "safetensors file")->required();
  app.add_option("images", images, "PNG or JPEG files")->required();
  app.add_option("--sheet", sheet, "SVG to write, with all images and their classes");
  CLI11_PARSE(app, argc, argv);

  classifier net(file);
  std::vector<shared_bytes> contents;
  std::vector<judged_image> judged;
  for (auto const& path : images) {
    contents.push_back(input_file(path).bytes(std::uint64_t{1} << 31));
    decoded_image const image = decode_image(path.string(), contents.back());
    judged.push_back({path.filename().string(), contents.back(), image.width, net.classify(image)});
    std::printf("%s", path.c_str());
    for (auto const& [name, p] : judged.back().classes) std::printf("  %s %.1f %%", name.c_str(), 100 * p);
    std::printf("\n");
  }
  if (!sheet.empty()) write_atomically(sheet, contact_sheet(judged));
} catch (std::exception const& failure) {
  std::fprintf(stderr, "error: %s\n", failure.what());
  return 1;
}
