// Suite `compile`: what compiling networks of the zoo takes.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "compile/compilation.hpp"
#include "suite.hpp"

namespace {

constexpr std::string_view resnet_20 = "ResNet-20";

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

// A program by one of the compilers.
struct row {
  bench::program what;
  std::string compiler;
  bench::compilation took{};
  double to_resnet_20 = 0;  // its seconds by those of ResNet-20's trainer, if that was compiled too
};

std::vector<row> rows_of(std::vector<std::string> const& compilers, std::vector<std::string> const& only) {
  std::vector<row> rows;
  auto wanted = [&](std::string_view name) { return only.empty() || std::ranges::find(only, name) != only.end(); };
  auto add = [&](bench::program const& what) {
    for (std::string const& compiler : compilers) rows.push_back({what, compiler});
  };
  if (wanted("laminate.hpp")) {
    add({.name = "laminate.hpp", .work = "include"});
    add({.name = "laminate.hpp, precompiled", .work = "include", .precompiled = true});
  }
  for (subject const& s : zoo) {
    if (!wanted(s.name)) continue;
    std::vector<std::string> definitions{std::string("-DNETWORK=") + s.network,
                                         std::string("-DZOO=<laminate/zoo/") + s.header + ".hpp>"};
    add({s.name, "infer", definitions});
    definitions.push_back("-DTRAINS");
    add({s.name, "train", definitions});
    if (s.name != resnet_20) continue;
    definitions.push_back("-DSECOND=ResNet<32>");  // with the same kernels
    add({"ResNet-20 and -32", "train", definitions});
  }
  return rows;
}

// In turn, so that a machine's slower minutes are not one program's alone.
void compile_in_turn(std::vector<row>& rows, int rounds) {
  for (int round = 1; round <= rounds; ++round)
    for (row& r : rows) {
      if (isatty(STDERR_FILENO))
        std::fprintf(stderr, "\r\033[Kround %d of %d: %s, %s, %s ", round, rounds, r.what.name.c_str(),
                     r.what.work.c_str(), r.compiler.c_str());
      compile(r.took, r.compiler, r.what);
    }
  if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r\033[K");
}

void compare(std::vector<row>& rows) {
  for (row& r : rows)
    for (row const& first : rows)
      if (r.what.work == "train" && first.what.work == "train" && first.what.name == resnet_20 &&
          first.compiler == r.compiler && first.took.seconds > 0)
        r.to_resnet_20 = r.took.seconds / first.took.seconds;
}

void print_header(int rounds) {
  std::printf(
      "user seconds (the fastest of %d, programs in turn), those of a trainer by ResNet-20's, the compiler's memory at "
      "most, sizes of the object and of the program without symbols; -O3 -march=native\n"
      "types, declarations and expressions by clang's own counts; -march=x86-64-v3\n",
      rounds);
  std::printf("%-26s %-8s %-12s %8s %5s %8s %11s %11s %8s %13s %12s\n", "network", "work", "compiler", "seconds",
              "by 20", "MiB", "object KiB", "binary KiB", "types", "declarations", "expressions");
}

void print(row const& r) {
  bench::compilation const& c = r.took;
  std::printf("%-26s %-8s %-12s ", r.what.name.c_str(), r.what.work.c_str(), r.compiler.c_str());
  if (!c.failure.empty()) return void(std::printf("%s\n", c.failure.c_str()));
  std::printf("%8.1f ", c.seconds);
  if (r.to_resnet_20 > 0)
    std::printf("%5.2f", r.to_resnet_20);
  else
    std::printf("%5s", "-");
  std::printf(" %8.0f %11.0f", c.peak_mib, c.object_kib);
  std::printf(" %11s", c.binary_kib ? std::to_string(std::lround(*c.binary_kib)).c_str() : "-");
  if (c.counted)
    std::printf(" %8ld %13ld %12ld\n", c.counted->types, c.counted->declarations, c.counted->expressions);
  else
    std::printf(" %8s %13s %12s\n", "-", "-", "-");
}

nlohmann::json to_json(row const& r) {
  bench::compilation const& c = r.took;
  nlohmann::json json{{"suite", "compile"},     {"case", r.what.name},       {"work", r.what.work},
                      {"compiler", r.compiler}, {"rounds", c.rounds},        {"seconds", c.seconds},
                      {"peak_mib", c.peak_mib}, {"object_kib", c.object_kib}};
  if (r.to_resnet_20 > 0) json["to_resnet_20"] = r.to_resnet_20;
  if (c.binary_kib) json["binary_kib"] = *c.binary_kib;
  if (c.counted) {
    json["types"] = c.counted->types;
    json["declarations"] = c.counted->declarations;
    json["expressions"] = c.counted->expressions;
  }
  return json;
}

}  // namespace

int main(int argc, char** argv) {
  bench::suite suite{"what compilers take for programs with networks of the zoo, what they count, and what they make"};
  std::vector<std::string> compilers{"g++", "clang++-19"}, only;
  suite.app.add_option("--compiler", compilers, "compilers")->capture_default_str();
  suite.app.add_option("--only", only, "names of networks, or laminate.hpp; by default all");
  suite.takes_rounds(3, 100, "the fastest");
  return suite.run(argc, argv, [&] {
    std::vector<row> rows = rows_of(compilers, only);
    compile_in_turn(rows, suite.rounds);
    compare(rows);
    print_header(suite.rounds);
    nlohmann::json json = nlohmann::json::array();
    for (row const& r : rows) {
      print(r);
      if (r.took.failure.empty()) json.push_back(to_json(r));
    }
    return json;
  });
}
