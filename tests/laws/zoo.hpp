// The laws of one network type; what the files zoo_*.cpp have in common.
#pragma once

#include <laminate/zoo.hpp>

#include "generated.hpp"
#include "learning.hpp"

namespace laws {

// What takes time is compiling kernels: few channels, small images and little depth keep them few. The
// networks are spread over several files because g++ 12 looks through all kernels it has met at each new one.
using Tiny = Image<3, 4, 4>;

namespace thin {

// ResNet-18 and -34 with two stages, whose images and channels are those of other residual networks here.
using projecting = zoo::ImageNetResNet<4, 4, Image<3, 16, 16>, Repeat<1, zoo::Block<4>>, zoo::ProjectedStage<1, 8>>;
using bottlenecks = zoo::ImageNetResNet<4, 4, Image<3, 8, 8>, zoo::BottleneckStage<2, 2, 2>>;
using squeezed = Network<Tiny, Conv<3, 4>, ReLU, Repeat<2, zoo::Fire<2, 2>>, MaxPool<3, Stride<2>>, Dropout<0.5>,
                         Conv<1, 4>, ReLU, GlobalAvgPool>;
using inception = zoo::Inception<1, 1, 1, 1, 1, 1>;
using incepted = Network<Tiny, Conv<3, 4>, Repeat<2, inception>, zoo::Shrink, GlobalAvgPool, Dense<4>>;
using densely = decltype(Tiny{} >> conv<3, 8, Bias<false>> >> zoo::DenseStage<2, 4, 8>{} >> zoo::DenseLayer<4>{} >>
                         bn >> relu >> global_avg_pool >> dense<4>);
using separated = Network<Tiny, Conv<3, 4>, BN, ReLU, zoo::Separable<4, 8, 2>, Repeat<2, zoo::Separable<8, 8>>,
                          GlobalAvgPool, Dense<4>>;
using inverted = decltype(Tiny{} >> conv<3, 4> >> bn >> relu6 >> sequential(zoo::Narrow<4, 2, 1>{}) >>
                          zoo::InvertedStage<3, 2, 4, 2>{} >> conv<1, 8> >> bn >> relu6 >> global_avg_pool >>
                          dropout<0.2> >> dense<4>);

using excited = decltype(Tiny{} >> conv<3, 16> >> bn >> relu >> zoo::SEBlock<16, 1>{} >> zoo::SEStage<2, 32>{} >>
                         global_avg_pool >> dense<4>);
using excited_bottlenecks = zoo::ImageNetResNet<4, 4, Image<3, 8, 8>, zoo::SEBottleneckStage<2, 4, 2>>;

using next = zoo::ConvNeXt<4, 4, Image<3, 32, 32>, 2, 1, 1, 1>;

using segmenting = zoo::UNet<3, 4, Image<3, 8, 8>, 3>;

}  // namespace thin

/// What differs between Fused, Unfused and Reference on Net, and whether it learns; "" where nothing is wrong.
template<class Net> std::string broken_law() {
  std::string const broken = broken_law(
      {spelled<Net>(), make_specimen<Net, Fused>, make_specimen<Net, Unfused>, make_specimen<Net, Reference>}, 1e-10,
      {5, 2});
  std::string const unlearned = broken_learning(*make_specimen<Net, Fused>());
  return unlearned.empty() ? broken : spelled<Net>() + broken + unlearned;
}

}  // namespace laws
