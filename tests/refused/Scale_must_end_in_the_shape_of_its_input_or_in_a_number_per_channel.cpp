// A factor for each of 16 channels, where 32 come in.
// expect: network_is_refused<laminate::problem::Scale_must_end_in_the_shape_of_its_input_or_in_a_number_per_channel
// expect: laminate::layer{2}, laminate::Scale<laminate::GlobalAvgPool, laminate::Dense<16>, laminate::Logistic>
// expect: laminate::shape{32, 28, 28}, laminate::shape{16, 0, 0}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
constexpr int factors = 16;
#else
constexpr int factors = 32;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 32>, ReLU, Scale<GlobalAvgPool, Dense<factors>, Logistic>, GlobalAvgPool,
                    Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
