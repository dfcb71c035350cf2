// Trains a network, declared as a type, on the images of Fashion-MNIST: examples/quickstart runs this program.
// ctest: --images 600 --epochs 1 --save resnet8.safetensors --html resnet8.html
// ctest: --images 300 --epochs 1 --network mlp --policy unfused --threads 1
#include <cstdio>
#include <exception>

#include "networks.hpp"

int main(int argc, char** argv) try {
  train_options const options = read_options(argc, argv);
  for (auto const& n : networks())
    if (n.name == options.network) return n.train(options);
  return 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "error: %s\n", e.what());
  return 1;
}
