// Small enough for a processor's registers: what a step costs beside its arithmetic.
#include "networks.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_tiny_mlp(settings const& s) {
  using Net = Network<Features<1>, Dense<16>, Tanh, Dense<16>, Tanh, Dense<1>>;
  return network_rows<Net>("MLP 1-16-16-1", {{"infer", 1}, {"infer", 64}, {"train", 64}}, s);
}
