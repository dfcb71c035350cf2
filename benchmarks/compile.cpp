// Suite `compile`: what compiling networks of the zoo takes.
#include <algorithm>
#include <string_view>

#include "compile/compilation.hpp"
#include "suite.hpp"

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

int main(int argc, char** argv) {
  bench::suite suite{"how long compilers take, and how much memory, for programs with networks of the zoo"};
  std::vector<std::string> compilers{"g++", "clang++-19"}, only;
  suite.app.add_option("--compiler", compilers, "compilers")->capture_default_str();
  suite.app.add_option("--only", only, "names of networks, or laminate.hpp; by default all");
  suite.takes_rounds(3, 100, "the fastest");
  return suite.run(argc, argv, [&] {
    nlohmann::json rows = nlohmann::json::array();
    std::printf(
        "user seconds (the fastest of %d), the compiler's memory at most, the object's size; -O3 -march=native\n",
        suite.rounds);
    std::printf("%-26s %-8s %-12s %8s %10s %12s\n", "network", "work", "compiler", "seconds", "MiB", "object KiB");
    auto wanted = [&](std::string_view name) { return only.empty() || std::ranges::find(only, name) != only.end(); };
    auto tell = [&](std::string const& name, std::string const& work, auto const& compile) {
      for (std::string const& compiler : compilers) {
        bench::compilation const c = compile(compiler);
        if (!c.worked) {
          std::printf("%-26s %-8s %-12s %s\n", name.c_str(), work.c_str(), compiler.c_str(), c.failure.c_str());
          continue;
        }
        std::printf("%-26s %-8s %-12s %8.1f %10.0f %12.0f\n", name.c_str(), work.c_str(), compiler.c_str(), c.seconds,
                    c.peak_mib, c.object_kib);
        std::fflush(stdout);
        rows.push_back({{"suite", "compile"},
                        {"case", name},
                        {"work", work},
                        {"compiler", compiler},
                        {"seconds", c.seconds},
                        {"peak_mib", c.peak_mib},
                        {"object_kib", c.object_kib},
                        {"rounds", suite.rounds}});
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
