// Layers that state their own loops, among layers that fuse with them: fused = unfused = reference = finite
// differences.
#include <catch2/catch.hpp>

#include <laminate/io/check_gradients.hpp>

#include "custom_layers.hpp"
#include "generated.hpp"

#include <sstream>

using namespace laminate;
using laws::Paired, laws::Turned;

namespace {

// Two in one network, one of them twice: steps of the same sizes that do not run the same code.
template<int K> struct Times : word {
  static void forward(auto x, auto y) {
    for (int c = 0; c < x.channels; ++c) y(c) = K * x(c);
  }
  static void backward(auto dy, auto dx) { forward(dy, dx); }
  static constexpr facts about = custom<Times>(same_shape);
};

// Forgets that the other channel's output depends on this one's input.
struct Forgetful : word {
  static void forward(auto x, auto y) { Paired::forward(x, y); }
  static void backward(auto x, auto dy, auto dx) {
    Paired::at_all(x, [&](int c, int d, int i, int j) { dx(c, i, j) += dy(c, i, j) * x(d, i, j); });
  }
  static constexpr facts about = custom<Forgetful>(same_shape);
};

using first_and_last = Network<Image<5, 4, 3>, Turned, Paired>;
using between = Network<Image<3, 7, 5>, Conv<3, 17>, BN, ReLU, Turned, BN, GELU, Paired, BN, Tanh, Conv<3, 5>, Flatten,
                        Paired, Dense<7>, Paired, BN, SiLU>;
using in_blocks = Network<Image<3, 5, 5>, Conv<3, 20>, Residual<BN, ReLU, Turned, Conv<1, 20>>, Residual<Turned>,
                          Concat<Turned, Sequential<Conv<1, 4>, Paired>>, Scale<Paired>, Repeat<2, Paired, Turned>>;
using alike = Network<Features<18>, Dense<17>, Times<2>, Times<3>, Times<2>, BN, ReLU, Times<3>>;

template<class Net> std::string broken() {
  return laws::broken_law({laws::spelled<Net>(), laws::make_specimen<Net, Fused>, laws::make_specimen<Net, Unfused>,
                           laws::make_specimen<Net, Reference>},
                          1e-10);
}

// What is stored beside the layer is computed by the step before it or after it.
using Net = Network<Image<3, 6, 6>, Conv<3, 16>, BN, ReLU, Turned, BN, ReLU, Conv<3, 16>>;
static_assert(fused_together<Net, 2, 3, 4>, "normalisation and activation while the loops load");
static_assert(fused_together<Net, 5, 6, 7>, "and while the next kernel does");
static_assert(plan<Net>.forward_steps == 3);
static_assert(graph_of<Net>.nodes[4].gradient_reads_input == false && graph_of<between>.nodes[7].gradient_reads_input);

}  // namespace

TEMPLATE_TEST_CASE("custom layers: fused = unfused = reference", "[laws][custom]", first_and_last, between, in_blocks,
                   alike) {
  CHECK(broken<TestType>() == "");
}

TEST_CASE("custom layers: reference = finite differences, and a wrong loop is found", "[laws][custom]") {
  std::ostringstream right, wrong;
  CHECK(check_gradients(Network<Image<3, 3, 2>, Conv<1, 4>, Tanh, Paired, Turned, Paired>{}, right));
  CHECK_FALSE(check_gradients<Forgetful>(Image<3, 3, 2>{}, wrong));
  CHECK(wrong.str().find("wrong") != std::string::npos);
}
