// U-Net for 3×128×128 images, half as wide as the paper's: transposed convolutions and shortcuts by concatenation.
#include "zoo.hpp"

using namespace laminate;

std::vector<bench::row> bench::measure_unet(settings const& s) {
  return network_rows<zoo::UNet<2, 32, Image<3, 128, 128>>>("U-Net", {{"infer", 1}}, s);
}
