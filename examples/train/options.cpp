// Kept apart from the networks: CLI11 takes longer to compile than a residual network.
#include "options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>

#include "networks.hpp"

train_options read_options(int argc, char** argv) {
  train_options o;
  o.commit = LAMINATE_COMMIT;
  CLI::App app{"Trains a network on Fashion-MNIST and measures its fused kernels against unfused ones"};
  std::vector<std::string> names;
  for (auto const& n : networks()) names.push_back(n.name);
  app.add_option("--network", o.network, "which network")->check(CLI::IsMember(names))->capture_default_str();
  app.add_option("--policy", o.policy, "how it is trained")
      ->check(CLI::IsMember({"fused", "unfused"}))
      ->capture_default_str();
  app.add_option("--epochs", o.epochs, "passes over the training images")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  app.add_option("--batch", o.batch, "images per step")->check(CLI::Range(2, 4096))->capture_default_str();
  app.add_option("--lr", o.lr, "highest learning rate")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seed", o.seed, "of weights, order and augmentation")->capture_default_str();
  app.add_option("--threads", o.threads, "0: OMP_NUM_THREADS, else one per processor")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("--images", o.images, "train on the first so many images; 0: all")->check(CLI::NonNegativeNumber);
  app.add_option("--data", o.data, "folder with the four IDX files (default: Debian's dataset-fashion-mnist)");
  app.add_option("--json", o.json, "write results and measurements to this file");
  app.add_option("--html", o.html, "write the network, its plan and its memory to this file, for a browser");
  app.add_option("--save", o.save, "write the trained model to this file (safetensors)");
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& e) {
    std::exit(app.exit(e));
  }
  return o;
}
