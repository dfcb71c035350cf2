// The input in second place: there is no other, and nothing arrives there.
// expect: network_is_refused<laminate::problem::the_input_must_come_first_and_only_once, laminate::layer{1}
// expect: laminate::Image<1, 8, 8>, laminate::shape{1, 8, 8}
// expect: laminate::cure::remove_it_and_begin_with_the_only_input
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Net = Network<Conv<3, 8>, Image<1, 8, 8>>;
#else
using Net = Network<Image<1, 8, 8>, Conv<3, 8>>;
#endif

int main() {
  Model<Net> model{1};
  std::vector<float> x(8 * 8), y(8 * 8 * 8);
  model.infer(x, y);
}
