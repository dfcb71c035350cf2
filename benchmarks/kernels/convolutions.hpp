// What the suite `kernels` measures; each file of this folder compiles some of them.
#pragma once

#include <vector>

#include "../row.hpp"

namespace bench {

using convolution_measurement = std::vector<row> (*)(double peak, int batch, int rounds);

std::vector<convolution_measurement> small_convolutions();      // ResNet-8 and -20
std::vector<convolution_measurement> large_convolutions();      // ResNet-18
std::vector<convolution_measurement> other_convolutions();      // 5×5, and of few channels
std::vector<convolution_measurement> depthwise_convolutions();  // MobileNet

inline std::vector<convolution_measurement> convolutions() {
  auto all = small_convolutions();
  for (auto const& more : {large_convolutions(), other_convolutions(), depthwise_convolutions()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace bench
