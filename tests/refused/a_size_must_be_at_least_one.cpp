// A block repeated no times.
// expect: network_is_refused<laminate::problem::a_size_must_be_at_least_one, laminate::layer{2}
// expect: laminate::Repeat<0, laminate::Residual<laminate::Conv<3, 8>, laminate::BatchNorm<
// expect: laminate::shape{8, 28, 28}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
constexpr int times = 0;
#else
constexpr int times = 2;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU, Repeat<times, Residual<Conv<3, 8>, BN>, ReLU>, GlobalAvgPool,
                    Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
