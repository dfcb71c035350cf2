// One program for many processors: its kernels are compiled for several architectures, and the best that the processor
// has are chosen when it runs. `laminate_add_model(small_resnet …)` in CMakeLists.txt makes small_resnet.hpp.
//   example_architectures [--arch x86-64-v3]
// ctest: --rounds 1
#include "small_resnet.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

// Microseconds a sample of the fastest round.
double measure(int rounds, int samples, auto&& run) {
  double best = 1e30;
  for (int i = 0; i < rounds; ++i) {
    auto const begin = std::chrono::steady_clock::now();
    run();
    std::chrono::duration<double, std::micro> const taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count() / samples);
  }
  return best;
}

int main(int argc, char** argv) try {
  std::string forced;
  int rounds = 20;
  CLI::App options{"Compares the architectures that a network is compiled for."};
  options.add_option("--arch", forced, "use this one instead of the best");
  options.add_option("--rounds", rounds, "measure so often and take the fastest");
  CLI11_PARSE(options, argc, argv);

  constexpr int samples = 64;
  std::printf("chosen: %s\n", std::string(make_small_resnet({.architecture = forced})->architecture()).c_str());
  std::printf("%-12s %16s %16s\n", "µs a sample", "inference", "training");
  for (std::string_view const architecture : small_resnet_architectures) {
    if (!processor_has(architecture) || (!forced.empty() && architecture != forced)) continue;
    auto const model = make_small_resnet({.architecture = architecture, .seed = 1, .capacity = samples});
    std::vector<float> const x(std::size_t(samples * model->in.size()), 0.5f);
    std::vector<float> y(std::size_t(samples * model->out.size()));
    double const inference = measure(rounds, samples, [&] { model->infer(x, y); });
    double const training = measure(rounds, samples, [&] {
      model->forward(x, y);
      model->backward(y);
    });
    std::printf("%-12s %15.1f %16.1f\n", std::string(architecture).c_str(), inference, training);
  }
} catch (error const& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
