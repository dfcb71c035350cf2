// Pooled so often that nothing is left to pool.
// expect: network_is_refused<laminate::problem::the_kernel_is_larger_than_its_padded_input, laminate::layer{4}
// expect: laminate::MaxPool<4>, laminate::shape{8, 3, 3}, laminate::shape{8, 4, 4}
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Last = MaxPool<4>;
#else
using Last = MaxPool<3>;
#endif
using Net = Network<Image<1, 28, 28>, Conv<3, 8>, ReLU, MaxPool<3>, MaxPool<3>, Last, Flatten, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(28 * 28), y(10);
  model.infer(x, y);
}
