// Writes pages for the browser: pages <folder>
#include <laminate/io/html.hpp>
#include <laminate/zoo/lenet.hpp>
#include <laminate/zoo/preactivation.hpp>
#include <laminate/zoo/resnet.hpp>

#include <cstdio>
#include <exception>

using namespace laminate;

// Every kind of block.
using Blocks = Network<Image<1, 12, 12>, Conv<3, 16>, BN, ReLU, Residual<Shortcut<Conv<1, 32>, BN>, Conv<3, 32>, BN>,
                       ReLU, Concat<Conv<1, 8>, Sequential<Conv<3, 8>, Tanh>>,
                       Scale<GlobalAvgPool, Dense<16>, Logistic>, GlobalAvgPool, Dense<3>>;

int main(int, char** argv) try {
  std::filesystem::path const folder = argv[1];
  save_html<Blocks>(folder / "blocks.html", "Blocks <script>document.write('unescaped')</script> & \"more\"");
  save_html<zoo::LeNet5<>>(folder / "lenet.html", "LeNet-5");
  save_html<zoo::LeNet5<>, Unfused>(folder / "lenet_unfused.html", "LeNet-5, one pass per layer");
  save_html<zoo::ResNet<20>>(folder / "resnet20.html", "ResNet-20");
  save_html<zoo::PreactivationResNet<20>>(folder / "preactivation20.html", "Pre-activation ResNet-20");
  return 0;
} catch (std::exception const& e) {
  std::fprintf(stderr, "error: %s\n", e.what());
  return 1;
}
