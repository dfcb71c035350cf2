// Suite `compile`: what compiling networks of the zoo takes.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>

#include "compile/compilation.hpp"
#include "rows_json.hpp"

namespace {

struct subject {
  char const *name, *network, *header;
};
constexpr subject zoo[]{{"MLP 784-128-10", "MLP<10,128>", "mlp"},
                        {"LeNet-5", "LeNet5<>", "lenet"},
                        {"VGG-11", "VGG11<>", "vgg"},
                        {"ResNet-20", "ResNet<20>", "resnet"},
                        {"ResNet-110", "ResNet<110>", "resnet"},
                        {"PreactivationResNet-20", "PreactivationResNet<20>", "preactivation"},
                        {"WRN-16-4", "WideResNet<16,4>", "wide_resnet"},
                        {"ResNet-18", "ResNet18<>", "resnet_imagenet"},
                        {"ResNet-50", "ResNet50<>", "resnet_imagenet"},
                        {"SqueezeNet", "SqueezeNet<>", "squeezenet"},
                        {"GoogLeNet", "GoogLeNet<>", "googlenet"},
                        {"DenseNet-BC-40-12", "DenseNetBC<40,12>", "densenet"},
                        {"MobileNet", "MobileNet<>", "mobilenet"},
                        {"MobileNetV2", "MobileNetV2<>", "mobilenet_v2"}};

}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> compilers{"g++", "clang++-19"}, only;
  int rounds = 3;
  std::string json;
  CLI::App app{"Measures how long compilers take, and how much memory, for programs with networks of the zoo"};
  app.add_option("--compiler", compilers, "compilers")->capture_default_str();
  app.add_option("--only", only, "names of networks; by default all");
  app.add_option("--rounds", rounds, "rounds, of which the fastest counts")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--json", json, "write the rows to this file");
  CLI11_PARSE(app, argc, argv);

  nlohmann::json rows = nlohmann::json::array();
  std::printf("user seconds (the fastest of %d), the compiler's memory at most, the object's size; -O3 -march=native\n",
              rounds);
  std::printf("%-24s %-8s %-12s %8s %10s %12s\n", "network", "work", "compiler", "seconds", "MiB", "object KiB");
  auto measure = [&](std::string const& name, std::string const& work, std::vector<std::string> const& definitions) {
    for (std::string const& compiler : compilers) {
      bench::compilation const c = bench::compile(compiler, definitions, rounds);
      if (!c.worked) {
        std::printf("%-24s %-8s %-12s %s\n", name.c_str(), work.c_str(), compiler.c_str(), c.failure.c_str());
        continue;
      }
      std::printf("%-24s %-8s %-12s %8.1f %10.0f %12.0f\n", name.c_str(), work.c_str(), compiler.c_str(), c.seconds,
                  c.peak_mib, c.object_kib);
      std::fflush(stdout);
      rows.push_back({{"suite", "compile"},
                      {"case", name},
                      {"work", work},
                      {"compiler", compiler},
                      {"seconds", c.seconds},
                      {"peak_mib", c.peak_mib},
                      {"object_kib", c.object_kib},
                      {"rounds", rounds}});
    }
  };
  for (subject const& s : zoo) {
    if (!only.empty() && std::find(only.begin(), only.end(), s.name) == only.end()) continue;
    std::vector<std::string> definitions{std::string("-DNETWORK=") + s.network,
                                         std::string("-DZOO=<laminate/zoo/") + s.header + ".hpp>"};
    measure(s.name, "infer", definitions);
    definitions.push_back("-DTRAINS");
    measure(s.name, "train", definitions);
  }
  if (only.empty()) measure("laminate.hpp", "include", {});
  if (!json.empty()) laminate::write_atomically(json, nlohmann::json{{"rows", rows}}.dump(2) + "\n");
} catch (std::exception const& e) {
  std::fprintf(stderr, "error: %s\n", e.what());
  return 1;
}
