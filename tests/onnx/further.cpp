#include "networks.hpp"

namespace onnx_tests {

std::vector<exported> further_networks() {
  auto all = generated<laws::further_table<7, 9>, 0, 13, 5, 6>("further");
  for (auto& network : generated<laws::further_feature_table, 0, 4, 5, 17>("further_feature"))
    all.push_back(std::move(network));
  return all;
}

}  // namespace onnx_tests
