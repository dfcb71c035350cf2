// One branch keeps the size, the other halves it.
// expect: network_is_refused<laminate::problem::branches_of_Concat_end_in_different_heights_or_widths, laminate::layer{2}
// expect: laminate::Concat<laminate::Conv<1, 8>, laminate::Sequential<laminate::Conv<3, 8>, laminate::MaxPool<2>
// expect: laminate::shape{8, 28, 28}, laminate::shape{8, 14, 14}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Pool = MaxPool<2>;
#else
using Pool = MaxPool<3, Stride<1>, Padding<1>>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU, Concat<Conv<1, 8>, Sequential<Conv<3, 8>, Pool>>, GlobalAvgPool,
                    Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
