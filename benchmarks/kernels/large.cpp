// The 3×3 convolutions of ResNet-18 on 224×224.
#include "measure_convolution.hpp"

std::vector<bench::convolution_measurement> bench::large_convolutions() {
  return {measure_convolution<square<3, 64, 64, 56>()>, measure_convolution<square<3, 64, 128, 56, 2>()>,
          measure_convolution<square<3, 128, 128, 28>()>, measure_convolution<square<3, 256, 256, 14>()>,
          measure_convolution<square<3, 512, 512, 7>()>};
}
