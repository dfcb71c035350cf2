// A dense network of one hidden layer.
#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_mlp(settings const& s) {
  return network_rows<zoo::MLP<10, 128>>("MLP 784-128-10", {{"infer", 1}, {"infer", 64}, {"train", 64}}, s);
}
