// A program whose network came out of an ONNX file while it was built.
#include <lenet5.hpp>

#include <laminate/io/checkpoint.hpp>
#include <laminate/model/reference_model.hpp>

#include <vector>

int main(int, char** arguments) {
  laminate::Model<lenet5::Net, laminate::Reference> model{1, 1};
  auto const kept = laminate::load(model, arguments[1]);
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
  return kept.contains("scaling.mean") && y[0] != y[1] ? 0 : 1;
}
