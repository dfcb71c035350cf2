// Suite `networks`: whole networks, inference and training, beside libtorch, oneDNN, ONNX Runtime, dlib and RTNeural
// where they are there.
#include "networks/run.hpp"

int main(int argc, char** argv) {
  return bench::run_networks(argc, argv, "networks", "whole networks",
                             {bench::measure_resnet20, bench::measure_resnet18, bench::measure_lenet,
                              bench::measure_mlp, bench::measure_tiny_mlp, bench::measure_mobilenet});
}
