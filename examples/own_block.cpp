// A block of one's own is an alias, or an expression with a name; and a network is a type that one can edit.
// ctest:
#include <laminate/laminate.hpp>

#include <concepts>
#include <iostream>

using namespace laminate;

// As a type: few channels inside, depthwise, and the input added.
template<int Channels, int Inside>
using Bottleneck =
    Residual<Conv<1, Inside>, BN, ReLU, Conv<3, Inside, Groups<Inside>>, BN, ReLU, Conv<1, Channels>, BN>;

// The same as an expression.
// clang-format off
template<int Channels, int Inside>
constexpr auto bottleneck = id + (conv<1, Inside> >> bn >> relu >>
                                  conv<3, Inside, Groups<Inside>> >> bn >> relu >>
                                  conv<1, Channels> >> bn);
// clang-format on
static_assert(std::same_as<decltype(bottleneck<16, 8>), Bottleneck<16, 8> const>);

using Net =
    Network<Image<1, 28, 28>, Conv<3, 16, Stride<2>>, BN, ReLU, Repeat<3, Bottleneck<16, 8>>, GlobalAvgPool, Dense<10>>;

// Networks made of networks.
using Smooth = replace<ReLU, GELU, Net>;
using Raw = without<BN, Net>;
static_assert(count<ReLU, Net>() == 7 && count<GELU, Smooth>() == 7 && count<BN, Raw>() == 0);
static_assert(parameters<Smooth>() == parameters<Net>() && flops<Raw>() == flops<Net>());
static_assert(fused_together<Net, 5, 6, 7>, "within the block, normalisation runs while the next one loads");

int main() {
  bool const right = check_gradients<Bottleneck<6, 4>>(image<6, 4, 4>);

  Model<Net> model{1, 8};
  summary(std::cout, model);
  for_networks<Net, Smooth, Raw>([]<class Swept>() {
    std::cout << parameters<Swept>() << " parameters, depth " << depth<Swept>() << ", " << arena_bytes<Swept>(8) / 1024
              << " KiB for batches of 8\n";
  });
  return right ? 0 : 1;
}
