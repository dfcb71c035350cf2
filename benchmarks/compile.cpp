// Suite `compile`: what compiling networks of the zoo takes.
#include <algorithm>
#include <cmath>
#include <string_view>

#include "compile/compilation.hpp"
#include "suite.hpp"

namespace {

struct subject {
  char const *name, *network, *header;
};
constexpr subject zoo[]{{"MLP 784-128-10", "MLP<10,128>", "mlp"},
                        {"LeNet-5", "LeNet5<>", "lenet"},
                        {"AlexNet", "AlexNet<>", "alexnet"},
                        {"VGG-11", "VGG11<>", "vgg"},
                        {"VGG-16", "VGG16<>", "vgg"},
                        {"Plain-20", "Plain<20>", "plain"},
                        {"ResNet-20", "ResNet<20>", "resnet"},
                        {"ResNet-32", "ResNet<32>", "resnet"},
                        {"ResNet-56", "ResNet<56>", "resnet"},
                        {"ResNet-110", "ResNet<110>", "resnet"},
                        {"PreactivationResNet-20", "PreactivationResNet<20>", "preactivation"},
                        {"WRN-16-4", "WideResNet<16,4>", "wide_resnet"},
                        {"SE-ResNet-20", "SEResNet<20>", "se_resnet"},
                        {"ResNet-18", "ResNet18<>", "resnet_imagenet"},
                        {"ResNet-34", "ResNet34<>", "resnet_imagenet"},
                        {"ResNet-50", "ResNet50<>", "resnet_imagenet"},
                        {"SE-ResNet-50", "SEResNet50<>", "se_resnet"},
                        {"SqueezeNet", "SqueezeNet<>", "squeezenet"},
                        {"GoogLeNet", "GoogLeNet<>", "googlenet"},
                        {"DenseNet-BC-40-12", "DenseNetBC<40,12>", "densenet"},
                        {"MobileNet", "MobileNet<>", "mobilenet"},
                        {"MobileNetV2", "MobileNetV2<>", "mobilenet_v2"},
                        {"ConvNeXt-T", "ConvNeXtTiny<>", "convnext"},
                        {"U-Net", "UNet<>", "unet"}};

void print_header(int rounds) {
  std::printf(
      "user seconds (the fastest of %d), the compiler's memory at most, sizes of the object and of the program without "
      "symbols; -O3 -march=native\n"
      "types, declarations and expressions by clang's own counts; -march=x86-64-v3\n",
      rounds);
  std::printf("%-26s %-8s %-12s %8s %8s %11s %11s %8s %13s %12s\n", "network", "work", "compiler", "seconds", "MiB",
              "object KiB", "binary KiB", "types", "declarations", "expressions");
}

void print(bench::compilation const& c) {
  std::printf("%8.1f %8.0f %11.0f", c.seconds, c.peak_mib, c.object_kib);
  std::printf(" %11s", c.binary_kib ? std::to_string(std::lround(*c.binary_kib)).c_str() : "-");
  if (c.counted)
    std::printf(" %8ld %13ld %12ld\n", c.counted->types, c.counted->declarations, c.counted->expressions);
  else
    std::printf(" %8s %13s %12s\n", "-", "-", "-");
}

nlohmann::json to_json(bench::compilation const& c) {
  nlohmann::json row{
      {"suite", "compile"}, {"seconds", c.seconds}, {"peak_mib", c.peak_mib}, {"object_kib", c.object_kib}};
  if (c.binary_kib) row["binary_kib"] = *c.binary_kib;
  if (c.counted) {
    row["types"] = c.counted->types;
    row["declarations"] = c.counted->declarations;
    row["expressions"] = c.counted->expressions;
  }
  return row;
}

}  // namespace

int main(int argc, char** argv) {
  bench::suite suite{"what compilers take for programs with networks of the zoo, what they count, and what they make"};
  std::vector<std::string> compilers{"g++", "clang++-19"}, only;
  suite.app.add_option("--compiler", compilers, "compilers")->capture_default_str();
  suite.app.add_option("--only", only, "names of networks, or laminate.hpp; by default all");
  suite.takes_rounds(3, 100, "the fastest");
  return suite.run(argc, argv, [&] {
    nlohmann::json rows = nlohmann::json::array();
    print_header(suite.rounds);
    auto wanted = [&](std::string_view name) { return only.empty() || std::ranges::find(only, name) != only.end(); };
    auto tell = [&](std::string const& name, std::string const& work, auto const& compile) {
      for (std::string const& compiler : compilers) {
        bench::compilation const c = compile(compiler);
        std::printf("%-26s %-8s %-12s ", name.c_str(), work.c_str(), compiler.c_str());
        if (!c.worked) {
          std::printf("%s\n", c.failure.c_str());
          continue;
        }
        print(c);
        std::fflush(stdout);
        nlohmann::json row = to_json(c);
        row.update({{"case", name}, {"work", work}, {"compiler", compiler}, {"rounds", suite.rounds}});
        rows.push_back(row);
      }
    };
    auto measure = [&](std::string const& name, std::string const& work, std::vector<std::string> const& definitions) {
      tell(name, work, [&](std::string const& c) { return bench::compile(c, definitions, suite.rounds); });
    };
    if (wanted("laminate.hpp")) {
      measure("laminate.hpp", "include", {});
      tell("laminate.hpp, precompiled", "include",
           [&](std::string const& c) { return bench::compile_with_precompiled(c, suite.rounds); });
    }
    for (subject const& s : zoo) {
      if (!wanted(s.name)) continue;
      std::vector<std::string> definitions{std::string("-DNETWORK=") + s.network,
                                           std::string("-DZOO=<laminate/zoo/") + s.header + ".hpp>"};
      measure(s.name, "infer", definitions);
      definitions.push_back("-DTRAINS");
      measure(s.name, "train", definitions);
      if (s.name != std::string("ResNet-20")) continue;
      definitions.push_back("-DSECOND=ResNet<32>");  // with the same kernels
      measure("ResNet-20 and -32", "train", definitions);
    }
    return rows;
  });
}
