// Declares a small network, runs it and counts its classes: the least a user's program does. And the same network with
// kernels for this processor, by laminate_add_model.
#include "compiled.hpp"
#include "network.hpp"

#include <cmath>
#include <cstdio>
#include <laminate/laminate.hpp>
#include <xtensor/xtensor.hpp>
#ifdef HAS_NPZ
#include <laminate/io/npz.hpp>
#endif
#ifdef HAS_ONNX
#include <laminate/io/onnx.hpp>
#endif
#ifdef HAS_IMAGES
#include <laminate/data/image_folder.hpp>
#endif

int main() {
  Model<Net> model{1, 4};
  xt::xtensor<float, 4> const images = xt::ones<float>({4, 1, 6, 6});
  auto const logits = model.infer(images);
  auto const same = make_compiled({.seed = 1, .capacity = 4})->infer(images);
  for (std::size_t i = 0; i < logits.size(); ++i)
    if (!(std::abs(logits.flat(i) - same.flat(i)) < 1e-5f)) return 1;
#ifdef HAS_NPZ
  save_npz(model, "consumer.npz"), load_npz(model, "consumer.npz");
#endif
#ifdef HAS_ONNX
  save_onnx(model, "consumer.onnx");
#endif
#ifdef HAS_IMAGES
  for (char const* const start : {"\x89PNG", "\xff\xd8\xff\xe0"}) try {
      decode_image("image", std::as_bytes(std::span(start, 4)));
      return 1;
    } catch (error const&) {  // as they end there
    }
#endif
  std::printf("%zu images, %zu classes\n", logits.shape(0), logits.shape(1));
  return logits.shape(0) == 4 && logits.shape(1) == 3 ? 0 : 1;
}
