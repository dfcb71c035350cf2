#include "networks.hpp"

namespace onnx_tests {

std::vector<exported> zoo_networks() {
  using namespace laws::thin;
  using resnet20 = laminate::zoo::ResNet<20, 10, 2, laminate::zoo::Padded, Image<3, 8, 8>>;
  return {fused<laminate::zoo::LeNet5<>, form::scaled>("lenet5"),
          fused<resnet20>("resnet20"),
          fused<resnet20, form::folded>("resnet20_folded"),
          reference<laminate::zoo::MobileNetV2<4, 10, Image<3, 32, 32>>, form::folded>("mobilenet_v2"),
          reference<laminate::zoo::PreactivationResNet<8, 4, 4, laws::Tiny>>("preactivation"),
          reference<projecting, form::folded>("projecting"),
          reference<bottlenecks>("bottlenecks"),
          reference<squeezed>("squeezed"),
          reference<incepted>("incepted"),
          reference<densely>("densely"),
          reference<densely, form::folded>("densely_folded"),
          reference<separated, form::folded>("separated"),
          reference<inverted>("inverted"),
          reference<excited, form::folded>("excited"),
          reference<next>("next"),
          reference<segmenting, form::folded>("segmenting")};
}

}  // namespace onnx_tests
