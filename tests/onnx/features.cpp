#include "networks.hpp"

namespace onnx_tests {

namespace {

// Operations that no other network here has; log1p where 1 + u loses its digits.
struct Fine : word {
  static constexpr auto value = [](auto x) { return log1p(abs(x) * 1e-6) * 1e6 + log1p(exp(4 * x)) / 4; };
  static constexpr facts about = mathematics<Fine>::about();
};
struct Round : word {
  static constexpr auto value = [](auto x, auto a) { return cos(a * x) - min(x, a) / max(abs(a), 0.5); };
  static constexpr bool per_channel = true;
  static constexpr facts about = mathematics<Round>::about();
};
struct Slope : word {  // does not depend on its argument
  static constexpr auto value = [](auto, auto a) { return sqrt(abs(a)); };
  static constexpr bool per_channel = true;
  static constexpr facts about = mathematics<Slope>::about();
};

}  // namespace

std::vector<exported> feature_networks() {
  auto all = generated<laws::feature_table, 0, 18, 1, 5, 17>("feature");
  all.push_back(reference<Network<Features<6>, Dense<7>, Fine, Dense<4>>>("fine"));
  all.push_back(reference<Network<Image<2, 4, 4>, Round, Conv<3, 3>, Round, Flatten, Round>, form::scaled>("rounding"));
  all.push_back(reference<Network<Features<3>, BatchNorm<3, 25>, Residual<SiLU>, BatchNorm<7, 0>>>("epsilon"));
  all.push_back(reference<Network<Image<3, 4, 4>, Dropout<0.5>>, form::scaled>("nothing"));
  all.push_back(reference<Network<Image<1, 4, 4>, Identity, Dropout<0.5>>>("identity"));
  return all;
}

/// It has no way back: what does not depend on the input is no activation.
exported constant_network() { return reference<Network<Image<2, 3, 3>, Residual<Slope>, Slope>>("constant"); }

}  // namespace onnx_tests
