// A classifier without file, heap or exceptions: its weights are a part of the program
// (laminate_embed_weights in examples/CMakeLists.txt). It reads images of 28×28 bytes from standard input and
// writes a class for each.
#include "network.hpp"

#include <lenet.hpp>  // made of lenet.safetensors, which train.cpp has written

#include <unistd.h>

#include <array>

static laminate::FrozenModel<Net, lenet> model;  // Net and lenet fit each other, or this does not compile

int main() {
  std::array<unsigned char, 28 * 28> bytes;
  std::array<float, 28 * 28> image;
  while (read(STDIN_FILENO, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) {
    for (std::size_t i = 0; i < bytes.size(); ++i)
      image[i] = (bytes[i] / 255.0f - lenet::scaling_mean[0]) / lenet::scaling_scale[0];
    char const line[2] = {static_cast<char>('0' + model.classify(image)), '\n'};
    if (write(STDOUT_FILENO, line, 2) != 2) return 1;
  }
}
