// onnx_foreign FOLDER: what the networks imported from foreign files infer, for ONNX Runtime to compare.
#include "example.hpp"
#include "foreign_networks.hpp"

#include <laminate/io/checkpoint.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/support/random.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace onnx_tests;

int main(int, char** arguments) try {
  std::filesystem::path const folder = arguments[1];
  for_each_network([&]<class Net>(std::string const& name) {
    Model<Net, Reference, double> model{2, samples};
    load(model, folder / (name + ".safetensors"));
    generator random{3};
    std::vector<double> x(samples * static_cast<std::size_t>(model.in.size()));
    for (double& v : x) v = static_cast<float>(random.normal());
    std::vector<double> y(samples * static_cast<std::size_t>(model.out.size()));
    model.infer(x, y);
    write_example(folder / (name + ".json"), model.in, x, y);
  });
} catch (laminate::error const& failure) {
  std::fprintf(stderr, "error: %s\n", failure.what());
  return 1;
}
