// What the suite `zoo` measures.
#pragma once

#include "../networks/networks.hpp"

namespace bench {

std::vector<row> measure_vgg11(settings const&);
std::vector<row> measure_alexnet(settings const&);
std::vector<row> measure_wide_resnet(settings const&);
std::vector<row> measure_se_resnet(settings const&);
std::vector<row> measure_densenet(settings const&);
std::vector<row> measure_resnet18_training(settings const&);
std::vector<row> measure_googlenet(settings const&);
std::vector<row> measure_squeezenet(settings const&);
std::vector<row> measure_mobilenet_v1(settings const&);
std::vector<row> measure_mobilenet_v2(settings const&);
std::vector<row> measure_convnext(settings const&);
std::vector<row> measure_unet(settings const&);

}  // namespace bench
