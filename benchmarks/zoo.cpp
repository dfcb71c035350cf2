// Suite `zoo`: the zoo's other networks at their usual sizes, beside libtorch, oneDNN and ONNX Runtime where they are
// there.
#include "zoo/zoo.hpp"
#include "networks/run.hpp"

int main(int argc, char** argv) {
  return bench::run_networks(
      argc, argv, "zoo", "the zoo's other networks",
      {bench::measure_vgg11, bench::measure_alexnet, bench::measure_wide_resnet, bench::measure_se_resnet,
       bench::measure_densenet, bench::measure_resnet18_training, bench::measure_googlenet, bench::measure_squeezenet,
       bench::measure_mobilenet_v1, bench::measure_mobilenet_v2, bench::measure_convnext, bench::measure_unet});
}
