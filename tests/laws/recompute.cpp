// Recompute: what the backward pass computes again is what the forward pass had computed; and it takes less memory.
#include <catch2/catch.hpp>

#include <laminate/model/plan.hpp>

#include "zoo.hpp"

using namespace laminate;

namespace {

// A chain without skips, of everything that a backward pass reads: what convolutions, pools and normalisations get,
// slopes from outputs and inputs, a learned slope, masks.
using chain = Network<Image<3, 12, 11>, Conv<3, 5>, Tanh, Conv<3, 5, Bias<false>>, BN, PReLU, MaxPool<2>, Conv<3, 5>,
                      GELU, Dropout<0.3>, Conv<1, 5>, LayerNorm, SiLU, AvgPool<2>, ConvTranspose<2, 5, Stride<2>>, BN,
                      Logistic, Conv<3, 5>, Upsample<2>, Conv<3, 4, Stride<2>>, ELU, Flatten, Dense<17>, BN, ReLU,
                      Dense<17>, Tanh, Dense<5>>;

// Deep enough that something is dropped: of residual blocks, of branches, of factors.
template<class... Block>
using deep = Network<Image<3, 4, 4>, Conv<3, 4>, BN, ReLU, Repeat<6, Block...>, GlobalAvgPool, Dense<4>>;
using residual = deep<Residual<Conv<3, 4>, BN, ReLU, Conv<3, 4>, BN>, ReLU>;
using inverted = deep<Residual<Conv<1, 24>, BN, ReLU6, Conv<3, 24, Groups<24>>, BN, ReLU6, Conv<1, 4>, BN>>;
// By Winograd's algorithm, whose weights are transformed for either direction.
using tiled =
    Network<Image<3, 8, 8>, Conv<3, 16>, BN, ReLU, Repeat<4, Residual<Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN>, ReLU>,
            Conv<3, 20>, BN, ReLU, Residual<Conv<3, 20>, BN>, GlobalAvgPool, Dense<4>>;
using branched = deep<laws::thin::inception, BN>;
using excited = deep<Residual<Conv<3, 4>, BN, ReLU, Scale<GlobalAvgPool, Dense<4>, Logistic>>, PReLU>;

// The sections of generated networks that leave an image's shape alone, again and again.
template<class Section> struct repeated;
template<int Channels, class... Words> struct repeated<laws::section<Channels, Words...>> {
  using type = Network<Image<3, 8, 8>, Conv<3, Channels>, BN, Repeat<4, Words...>, GlobalAvgPool, Dense<4>>;
};
using sections = laws::image_sections<laws::supply<20, 17, 3, SiLU, PReLU>>::all;
template<int I> using repeated_section = typename repeated<std::tuple_element_t<I, sections>>::type;

/// Kernels of the forward pass that the backward pass runs again.
template<class Net, class Policy>
constexpr int kernels_again = [] {
  int count = 0;
  for (fusion::operation const& o : planned<Net, Policy, pass::training>.operations)
    count += o.again && is_kernel(o.does);
  return count;
}();

/// Those of them whose weights are transformed.
template<class Net, class Policy>
constexpr long transformed_again = [] {
  std::array<node_algorithms, graph_of<Net>.size> all{};
  note_algorithms(planned<Net, Policy, pass::training>.steps, all);
  return std::ranges::count_if(
      all, [](node_algorithms const& by) { return !by.share_memory() && by.forward != algorithm::direct; });
}();
static_assert(transformed_again<tiled, Recompute> > 1);

template<class Net> std::string broken() {
  static_assert(kernels_again<Net, Fused> == 0);
  static_assert(kernels_again<Net, Recompute> > 1);
  static_assert(planned<Net, Recompute, pass::training>.arena < planned<Net, Fused, pass::training>.arena);
  return laws::broken_law(
      {laws::spelled<Net>(), laws::make_specimen<Net, Recompute>, nullptr, laws::make_specimen<Net, Reference>}, 1e-10);
}

template<int... I> std::vector<std::string> broken_sections() {
  static_assert((0 + ... + transformed_again<repeated_section<I>, Recompute>) > 10);
  return {laws::broken_law({laws::spelled<repeated_section<I>>(), laws::make_specimen<repeated_section<I>, Recompute>,
                            nullptr, laws::make_specimen<repeated_section<I>, Reference>},
                           1e-10)...};
}

}  // namespace

TEST_CASE("recompute = reference", "[laws][recompute]") {
  CHECK(broken<chain>() == "");
  CHECK(broken<residual>() == "");
  CHECK(broken<tiled>() == "");
  CHECK(broken<inverted>() == "");
  CHECK(broken<branched>() == "");
  CHECK(broken<excited>() == "");
  CHECK(broken<laws::thin::densely>() == "");
  for (auto const& broken : broken_sections<10, 12, 13, 18, 19, 21>()) CHECK(broken == "");
}
