#include "networks.hpp"

namespace onnx_tests {

std::vector<exported> image_networks() {
  auto all = generated<laws::image_table<9, 7>, 100, 32, 1, 2, 3, 6>("image");
  for (auto& network : generated<laws::window_table<8, 8>, 0, 9, 1, 2, 6>("window")) all.push_back(std::move(network));
  return all;
}

}  // namespace onnx_tests
