// The zoo has the published networks: learned numbers, multiply-adds of one sample, layers with weights. Where a source
// counts no multiply-adds (MLP, LeNet-5, VGG-11, WRN, U-Net), these are each layer's outputs times the inputs of one,
// added up by hand.
#include <laminate/model/costs.hpp>
#include <laminate/zoo.hpp>

using namespace laminate;

template<class Net> constexpr bool costs(long learned, long multiplied) {
  return parameters<Net>() == learned && flops<Net>() == 2 * multiplied;
}

// LeNet-300-100 has 267 thousand in Han et al. 2015 (arXiv:1506.02626), table 1.
static_assert(costs<zoo::MLP<10, 300, 100>>(266'610, 266'200));
static_assert(costs<zoo::MLP<>>(7'850, 7'840), "no hidden layer: a linear classifier");

// LeCun et al. 1998, section II.B: 156, 48,120 and 10,164 in C1, C5 and F6; C3 sees all maps: 2,416; 850 at
// the end.
static_assert(costs<zoo::LeNet5<>>(156 + 2'416 + 48'120 + 10'164 + 850, 416'520));
static_assert(parameters<zoo::LeNet5<10, ReLU, Image<1, 28, 28>, 2>>() == 312 + 9'632 + 192'240 + 40'488 + 1'690);

// 2.47 million: README of github.com/bearpaw/pytorch-classification. Multiply-adds by hand: 8·8·23,232 +
// 4·4·307,200 + 2·2·(663,552 + 884,736 + 589,824) + 2,560.
static_assert(costs<zoo::AlexNet<>>(2'472'266, 14'957'056));

// 9,231,114 and 14,728,266 in github.com/kuangliu/pytorch-cifar, where every filter has a bias in spite of
// the normalisation after it. 3.13·10⁸: Li et al. 2017 (arXiv:1608.08710), table 1.
static_assert(costs<zoo::VGG11<>>(9'231'114 - 2'752, 152'769'536));
static_assert(costs<zoo::VGG16<>>(14'728'266 - 4'224, 313'201'664));

// He et al. 2015 (arXiv:1512.03385), table 6: 0.27, 0.46, 0.66, 0.85 and 1.7 million for 20, 32, 44, 56 and
// 110 layers, and plain ones cost the same. Li et al. 2017, table 1: 8.5·10⁵ and 1.25·10⁸ for 56, 1.72·10⁶
// and 2.53·10⁸ for 110. He et al. 2018 (arXiv:1808.06866), table 1: 4.06·10⁷ for 20, 6.89·10⁷ for 32.
static_assert(costs<zoo::ResNet<20>>(269'722, 40'551'040));
static_assert(costs<zoo::ResNet<32>>(464'154, 68'862'592));
static_assert(costs<zoo::ResNet<44>>(658'586, 97'174'144));
static_assert(costs<zoo::ResNet<56>>(853'018, 125'485'696));
static_assert(costs<zoo::ResNet<110>>(1'727'962, 252'887'680));
static_assert(costs<zoo::Plain<20>>(269'722, 40'551'040) && costs<zoo::Plain<56>>(853'018, 125'485'696));
static_assert(depth<zoo::ResNet<20>>() == 20 && depth<zoo::ResNet<110>>() == 110 && depth<zoo::Plain<56>>() == 56);
// The projections of option B add 512 + 64 and 2,048 + 128 numbers, and 131,072 multiply-adds each.
static_assert(costs<zoo::ResNet<20, 10, 16, zoo::Projected>>(269'722 + 2'752, 40'551'040 + 262'144));
// He et al. 2016 (arXiv:1603.05027) move normalisations, and neither add nor take any.
static_assert(costs<zoo::PreactivationResNet<20>>(269'722, 40'551'040));
static_assert(costs<zoo::PreactivationResNet<110>>(1'727'962, 252'887'680));

// 2,748,890: README of github.com/xternalz/WideResNet-pytorch; 2.7 and 36.5 million in Zagoruyko & Komodakis
// 2016 (arXiv:1605.07146), tables 4 and 5.
static_assert(costs<zoo::WideResNet<16, 4>>(2'748'890, 392'612'352));
static_assert(costs<zoo::WideResNet<28, 10>>(36'479'194, 5'243'328'768));

// 274,847: seresnet20_cifar10 in the tables of github.com/osmr/imgclsmob. A block of C channels adds C²/8 multiply-adds
// and C²/8 + C + C/16 numbers.
static_assert(costs<zoo::SEResNet<20>>(272'474 + 2'373, 40'813'184 + 3 * (32 + 128 + 512)));
static_assert(depth<zoo::SEResNet<20>>() == 20 + 2 * 9);
// The same tables have 28,088,024 numbers; 12.5 % of C² multiply-adds in each block above those of zoo::ResNet50.
static_assert(costs<zoo::SEResNet50<>>(28'088'024, 4'089'184'256 + 2'514'944));

// num_params and GFLOPS of torchvision.models' weights: 1.814, 3.664, 4.089, 0.349 and 0.301 thousand
// million.
static_assert(costs<zoo::ResNet18<>>(11'689'512, 1'814'073'344));
static_assert(costs<zoo::ResNet34<>>(21'797'672, 3'663'761'408));
static_assert(costs<zoo::ResNet50<>>(25'557'032, 4'089'184'256));
static_assert(costs<zoo::SqueezeNet<>>(1'235'496, 349'151'936));
static_assert(costs<zoo::MobileNetV2<>>(3'504'872, 300'774'272));
static_assert(depth<zoo::ResNet18<>>() == 18 && depth<zoo::ResNet34<>>() == 34 && depth<zoo::ResNet50<>>() == 50);

// Szegedy et al. 2014 (arXiv:1409.4842), table 1, column "ops": 128, 304, 73 and 88 million for the first
// four blocks.
template<class Block, class Input> constexpr long millions() { return flops<Network<Input, Block>>() / 2'000'000; }
static_assert(millions<zoo::Inception<64, 96, 128, 16, 32, 32>, Image<192, 28, 28>>() == 128);
static_assert(millions<zoo::Inception<128, 128, 192, 32, 96, 64>, Image<256, 28, 28>>() == 304);
static_assert(millions<zoo::Inception<192, 96, 208, 16, 48, 64>, Image<480, 14, 14>>() == 73);
// 6,998,552: the authors' Caffe model bvlc_googlenet without its auxiliary classifiers, which also
// has 1.58·10⁹.
static_assert(costs<zoo::GoogLeNet<>>(6'998'552, 1'582'671'872) && depth<zoo::GoogLeNet<>>() == 22);
static_assert(depth<zoo::GoogLeNet<10, Image<3, 32, 32>, 1>>() == 22);

// 0.8 million for 100 layers in Huang et al. 2016 (arXiv:1608.06993), table 2; 176,122 for 40 layers in the
// tables of github.com/osmr/imgclsmob, whose 74.89·10⁶ count normalisations too.
static_assert(costs<zoo::DenseNetBC<40, 12>>(176'122, 72'365'352) && depth<zoo::DenseNetBC<40, 12>>() == 40);
static_assert(costs<zoo::DenseNetBC<100, 12>>(769'162, 287'929'692));

// 28,589,128 and 4.456·10⁹: torchvision.models.convnext_tiny; 28.6 million and 4.5·10⁹ in Liu et al. 2022, table 1.
static_assert(costs<zoo::ConvNeXtTiny<>>(28'589'128, 4'455'531'264));

// 31,037,633: the U-Net of github.com/milesial/Pytorch-UNet with transposed convolutions, one class and images of three
// channels; Ronneberger et al. 2015 (arXiv:1505.04597) have valid convolutions with biases, and no normalisations.
static_assert(costs<zoo::UNet<1>>(31'037'633, 48'167'387'136));
static_assert(graph_of<zoo::UNet<2>>.output().out == shape{2, 256, 256} && depth<zoo::UNet<>>() == 23);

// Howard et al. 2017 (arXiv:1704.04861), tables 4 and 6: 569, 325, 149 and 41 million
// multiply-adds, 4.2, 2.6, 1.3 and 0.5 million numbers at widths of 100, 75, 50 and 25 %.
static_assert(costs<zoo::MobileNet<>>(4'231'976, 568'740'352) && depth<zoo::MobileNet<>>() == 28);
static_assert(costs<zoo::MobileNet<1000, 75>>(2'585'560, 325'400'448));
static_assert(costs<zoo::MobileNet<1000, 50>>(1'331'592, 149'497'088));
static_assert(costs<zoo::MobileNet<1000, 25>>(470'072, 41'030'272));
