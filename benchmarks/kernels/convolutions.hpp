// What the suite `kernels` measures; each file of this folder compiles some of them.
#pragma once

#include <vector>

#include "../row.hpp"

namespace bench {

using convolution_measurement = std::vector<row> (*)(double peak, int batch, int rounds);

std::vector<convolution_measurement> small_convolutions();  // ResNet-8 and -20
std::vector<convolution_measurement> large_convolutions();  // ResNet-18

inline std::vector<convolution_measurement> convolutions() {
  auto all = small_convolutions();
  for (auto const& one : large_convolutions()) all.push_back(one);
  return all;
}

}  // namespace bench
