// Convolutions of 5×5, of LeNet-5, of GoogLeNet's Inception blocks, of AlexNet; and of few channels.
#include "measure_convolution.hpp"

std::vector<bench::convolution_measurement> bench::other_convolutions() {
  constexpr sliding second{{6, 14, 14}, {16, 10, 10}, {.kernel = 5}};
  return {measure_convolution<second>,
          measure_convolution<square<5, 16, 16, 32>()>,
          measure_convolution<square<5, 16, 32, 28>()>,
          measure_convolution<square<5, 32, 96, 28>()>,
          measure_convolution<square<5, 32, 128, 14>()>,
          measure_convolution<square<5, 48, 128, 7>()>,
          measure_convolution<square<5, 64, 192, 27>()>,
          measure_convolution<square<5, 64, 64, 8>()>,
          measure_convolution<square<3, 8, 16, 28>()>,
          measure_convolution<square<3, 16, 8, 28>()>,
          measure_convolution<square<3, 64, 3, 32>()>};
}
