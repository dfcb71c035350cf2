// Depthwise convolutions of a MobileNet on 224×224, and of wider kernels.
#include "measure_convolution.hpp"

std::vector<bench::convolution_measurement> bench::depthwise_convolutions() {
  return {measure_depthwise<depthwise<3, 64, 56>()>,  measure_depthwise<depthwise<3, 128, 56, 2>()>,
          measure_depthwise<depthwise<3, 512, 14>()>, measure_depthwise<depthwise<3, 512, 14, 2>()>,
          measure_depthwise<depthwise<3, 1024, 7>()>, measure_depthwise<depthwise<5, 256, 14>()>};
}
