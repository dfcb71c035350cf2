// Eleven residual blocks, each inside the one before.
// expect: network_is_refused<laminate::problem::blocks_are_nested_too_deeply, laminate::layer{0}
// expect: laminate::Residual<laminate::ReLU>
// expect: laminate::layer_path::body, 0
#include <laminate/laminate.hpp>
#include <vector>

using namespace laminate;

#ifdef REFUSED
using Innermost = Residual<Residual<ReLU>>;
#else
using Innermost = ReLU;
#endif
template<class Word> using Thrice = Residual<Residual<Residual<Word>>>;
using Net = Network<Features<10>, Thrice<Thrice<Thrice<Innermost>>>, Dense<10>>;

int main() {
  Model<Net> model{1};
  std::vector<float> x(10), y(10);
  model.infer(x, y);
}
