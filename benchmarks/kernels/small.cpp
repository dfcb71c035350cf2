// The convolutions of ResNet-8 on 28×28 (examples/train) and of ResNet-20 on 32×32.
#include "measure_convolution.hpp"

std::vector<bench::convolution_measurement> bench::small_convolutions() {
  return {measure_convolution<square<3, 1, 16, 28>(), layout::planar>,
          measure_convolution<square<3, 16, 16, 28>()>,
          measure_convolution<square<3, 16, 32, 28, 2>()>,
          measure_convolution<square<1, 16, 32, 28, 2>()>,
          measure_convolution<square<3, 32, 32, 14>()>,
          measure_convolution<square<3, 32, 64, 14, 2>()>,
          measure_convolution<square<1, 32, 64, 14, 2>()>,
          measure_convolution<square<3, 64, 64, 7>()>,
          measure_convolution<square<3, 3, 16, 32>(), layout::planar>,
          measure_convolution<square<3, 16, 16, 32>()>,
          measure_convolution<square<3, 32, 32, 16>()>,
          measure_convolution<square<3, 64, 64, 8>()>};
}
