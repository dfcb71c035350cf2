// Declares a small network, runs it on zeros and counts its classes: the least a user's program does.
#include <cstdio>
#include <laminate/laminate.hpp>
#include <xtensor/xtensor.hpp>
#ifdef HAS_NPZ
#include <laminate/io/npz.hpp>
#endif
#ifdef HAS_ONNX
#include <laminate/io/onnx.hpp>
#endif

using namespace laminate;

using Net = Network<Image<1, 6, 6>, Residual<Conv<3, 1>, BN>, ReLU, GlobalAvgPool, Dense<3>>;

int main() {
  Model<Net> model{1, 4};
  xt::xtensor<float, 4> const images = xt::zeros<float>({4, 1, 6, 6});
  auto const logits = model.infer(images);
#ifdef HAS_NPZ
  save_npz(model, "consumer.npz"), load_npz(model, "consumer.npz");
#endif
#ifdef HAS_ONNX
  save_onnx(model, "consumer.onnx");
#endif
  std::printf("%zu images, %zu classes\n", logits.shape(0), logits.shape(1));
  return logits.shape(0) == 4 && logits.shape(1) == 3 ? 0 : 1;
}
