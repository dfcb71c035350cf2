// plan<Net> in static_asserts: numbers worked out by hand, and which layers share a kernel.
#include <laminate/layers.hpp>
#include <laminate/model/plan.hpp>

using namespace laminate;

// LeNet-5 (LeCun et al. 1998) with padding in its first convolution, as it is usually written today.
using LeNet = Network<Image<1, 28, 28>, Conv<5, 6>, ReLU, MaxPool<2>, Conv<5, 16, Padding<0>>, ReLU, MaxPool<2>,
                      Flatten, Dense<120>, ReLU, Dense<84>, ReLU, Dense<10>>;
// 156 + 2,416 + 48,120 + 10,164 + 850; multiply-adds 117,600 + 240,000 + 48,000 + 10,080 + 840.
static_assert(plan<LeNet>.parameters == 61'706);
static_assert(plan<LeNet>.flops == 2 * 416'520);
static_assert(plan<LeNet>.training_flops == 3 * plan<LeNet>.flops);
static_assert(plan<LeNet>.depth == 5);
static_assert(fused_together<LeNet, 1, 2, 3>, "bias and activation run on the pool's maxima");
static_assert(fused_together<LeNet, 8, 9>, "the activation runs while the layer before it stores");
static_assert(!fused_together<LeNet, 1, 4>);

// What may run after a max pool, and what must run before it.
template<class... Layers> using Pooled = Network<Image<16, 8, 8>, Conv<3, 16>, Layers...>;
template<class Net, int Layer, int Pool, class Policy = Fused>
constexpr bool waits_for_pool = step_of(planned<Net, Policy, pass::inference>, Layer) ==
                                step_of(planned<Net, Policy, pass::inference>, Pool);
static_assert(waits_for_pool<Pooled<Tanh, MaxPool<3, Stride<2>, Padding<1>>>, 2, 3>);
static_assert(waits_for_pool<Pooled<SoftPlus, ELU, MaxPool<2>>, 2, 4>);
static_assert(waits_for_pool<Pooled<BN, ReLU, MaxPool<2>>, 3, 4> && !waits_for_pool<Pooled<BN, ReLU, MaxPool<2>>, 2, 4>,
              "a scale may be negative");
static_assert(!waits_for_pool<Pooled<SiLU, MaxPool<2>>, 2, 3> && !waits_for_pool<Pooled<PReLU, MaxPool<2>>, 2, 3>,
              "these may fall");
static_assert(waits_for_pool<Pooled<SiLU, ReLU, MaxPool<2>>, 3, 4> &&
              !waits_for_pool<Pooled<SiLU, ReLU, MaxPool<2>>, 2, 4>);
static_assert(!waits_for_pool<Pooled<ReLU, AvgPool<2>>, 2, 3>, "a mean of what an activation made is another");
static_assert(!waits_for_pool<Pooled<ReLU, Concat<MaxPool<3, Stride<1>, Padding<1>>, Conv<1, 4>>>, 2, 3>,
              "somebody else reads it as well");
static_assert(!waits_for_pool<Pooled<ReLU, MaxPool<2>>, 2, 3, Unfused>);

// The ResNet-20 of He et al. 2015, section 4.2, with 1×1 projections where the size changes.
template<int F> using Block = Sequential<Residual<Conv<3, F>, BN, ReLU, Conv<3, F>, BN>, ReLU>;
template<int F>
using Halving =
    Sequential<Residual<Shortcut<Conv<1, F, Stride<2>>, BN>, Conv<3, F, Stride<2>>, BN, ReLU, Conv<3, F>, BN>, ReLU>;
using ResNet20 = Network<Image<3, 32, 32>, Conv<3, 16>, BN, ReLU, Repeat<3, Block<16>>, Halving<32>,
                         Repeat<2, Block<32>>, Halving<64>, Repeat<2, Block<64>>, GlobalAvgPool, Dense<10>>;
// Stem 432 + 32; 16 filters 6·2,304 + 6·32; 32 filters 4,608 + 5·9,216 + 6·64 and a shortcut of 512 + 64;
// 64 filters 18,432 + 5·36,864 + 6·128 and a shortcut of 2,048 + 128; dense 650.
static_assert(plan<ResNet20>.parameters == 272'474);
// Multiply-adds: stem 442,368; 16 filters 6·2,359,296; 32 and 64 filters each 1,179,648 + 5·2,359,296 and a
// shortcut of 131,072; dense 640. Two for each: the nominal 81.6 MFLOP.
static_assert(plan<ResNet20>.flops == 2 * 40'813'184);
static_assert(plan<ResNet20>.depth == 20, "shortcuts do not make a network deeper");

// 1 Conv, 2 BN, 3 ReLU, then the first block's 4 Conv, 5 BN, 6 ReLU, 7 Conv, 8 BN, 9 sum, 10 ReLU, 11 Conv, …
static_assert(fused_together<ResNet20, 2, 3, 4>, "normalisation and activation run while the next convolution loads");
static_assert(fused_together<ResNet20, 5, 6, 7>);
static_assert(fused_together<ResNet20, 8, 9, 10, 11>, "and so do the block's sum and the activation after it");
static_assert(!fused_together<ResNet20, 1, 2>, "a batch's statistics are only known when all of it is convolved");
static_assert(!fused_together<ResNet20, 4, 7>, "two convolutions never share a step");
static_assert(!fused_together<ResNet20, 2, 3, 4, 5>);

// Without fusion: a step for each layer, and one more for the statistics of each of the 21 normalisations in
// training.
constexpr int layers = graph_of<ResNet20>.size - 1;
static_assert(plan<ResNet20, Unfused>.inference_steps == layers);
static_assert(plan<ResNet20, Unfused>.forward_steps == layers + 21);
static_assert(!run_together<ResNet20, Unfused, 2, 3>());
static_assert(plan<ResNet20, Unfused>.parameters == 272'474 && plan<ResNet20, Unfused>.flops == plan<ResNet20>.flops);
// 21 convolutions, a pool and a dense layer; what is element-wise runs inside them.
static_assert(plan<ResNet20>.inference_steps == 23 && plan<ResNet20>.forward_steps == 23);
static_assert(plan<ResNet20>.passes <= 1, "the sum of the dense layer's bias gradient: the loss's gradient is given");
static_assert(2 * plan<ResNet20>.bytes < plan<ResNet20, Unfused>.bytes);
static_assert(plan<ResNet20>.arena < plan<ResNet20, Unfused>.arena);

// A deep network is planned within what both compilers allow a constant expression, with every result kept as well.
using ResNet110 = Network<Image<3, 32, 32>, Conv<3, 16>, BN, ReLU, Repeat<18, Block<16>>, Halving<32>,
                          Repeat<17, Block<32>>, Halving<64>, Repeat<17, Block<64>>, GlobalAvgPool, Dense<10>>;
static_assert(graph_of<ResNet110>.size > 380 && plan<ResNet110>.depth == 110 && plan<ResNet110>.inference_steps == 113);
static_assert(plan<ResNet110>.arena < plan<ResNet110, Unfused>.arena);

// Checkpoints alone are kept: 20 convolutions and the stem run again, but what follows the last checkpoint, a pool and
// a dense layer, does not. The deeper, the more is saved.
static_assert(plan<ResNet20, Recompute>.forward_steps == 23);
static_assert(plan<ResNet20, Recompute>.steps == plan<ResNet20>.steps + 21);
static_assert(plan<ResNet20, Recompute>.inference_steps == plan<ResNet20>.inference_steps);
template<class Net>
constexpr double saved = double(planned<Net, Fused, pass::training>.arena) /
                         double(planned<Net, Recompute, pass::training>.arena);
static_assert(saved<ResNet20> > 2.1 && saved<ResNet110> > 5.5);

// The gradient at a pool takes the place of what the pool read where each number is in one window, and none reads it
// later.
template<class Net, class Policy = Fused>
constexpr bool takes_place = [] {
  auto const& p = planned<Net, Policy, pass::training>;
  for (fusion::step const& s : p.steps)
    if (s.code.does == fusion::work::max_pool_back) return p.placed[s.output].offset == p.placed[s.inputs[0]].offset;
  return false;
}();
template<class... Layers> using Between = Network<Image<16, 8, 8>, Conv<3, 16>, Layers..., Conv<3, 16>>;
static_assert(takes_place<Between<ReLU, MaxPool<2>>> && takes_place<Between<GELU, MaxPool<2>>>);
static_assert(!takes_place<Between<ReLU, MaxPool<3, Stride<2>, Padding<1>>>>, "windows overlap");
static_assert(!takes_place<Between<ReLU, MaxPool<2>>, Unfused>, "the activation's slope is read off it later");
static_assert(!takes_place<Between<Concat<Conv<2, 4, Stride<2>, Padding<0>>, MaxPool<2>>>>,
              "the convolution's gradient reads it");
static_assert(!takes_place<Network<Image<16, 8, 8>, MaxPool<2>, Conv<3, 16>>>, "that is the caller's");
static_assert(plan<Between<GELU, MaxPool<2>>>.arena < plan<Between<GELU, MaxPool<3, Stride<2>, Padding<1>>>>.arena);

// Depth first: an image goes through all of LeNet's steps up to the dense layers before the next one does, and back
// through all of them. What they hand to each other on the way back is in no arena.
template<class Net, class Policy = Fused>
constexpr std::span<fusion::chain_of_steps const> chains = planned<Net, Policy, pass::training>.chains;
static_assert(chains<LeNet>.front().first == 0 && chains<LeNet>.front().steps == 5);
static_assert(chains<LeNet>.back().end() == plan<LeNet>.steps && chains<LeNet>.back().steps == 5);
static_assert(chains<LeNet>.size() == plan<LeNet>.steps - 8UL, "dense layers take the whole batch");
constexpr auto near_tensors = [] {
  auto const& placed = planned<LeNet, Fused, pass::training>.placed;
  return std::ranges::count_if(placed, &fusion::tensor_plan::near);
}();
static_assert(near_tensors == 4, "the gradients at two convolutions, a pool and the flattening");
static_assert(3 * plan<LeNet>.arena < 2 * plan<LeNet, Unfused>.arena);
constexpr long several(auto const& all) {
  return std::ranges::count_if(all, [](fusion::chain_of_steps const& c) { return c.steps > 1; });
}
static_assert(several(chains<LeNet, Unfused>) == 0, "the baseline goes layer by layer");
static_assert(several(planned<LeNet, Fused, pass::inference>.chains) == 0, "images go in groups there");
static_assert(several(chains<ResNet20>) == 0, "a fiftieth of all would stay near");
static_assert(several(chains<ResNet20, Recompute>) == 0, "that would take more of the arena");
static_assert(several(chains<Network<Image<3, 8, 8>, Conv<3, 16>, BN, ReLU, MaxPool<2>, Conv<3, 16>, BN>>) == 0,
              "a batch's statistics come between");

// Bytes by hand. Input 8·8 floats (256 bytes), z, its activation and their gradients 16·8·8 floats (4,096
// bytes) each.
using Pair = Network<Image<1, 8, 8>, Conv<3, 16, Bias<false>>, ReLU>;
// Forward: reads the input, writes y. Backward: reads the input, y and the gradient at y. No gradient at the
// input.
static_assert(plan<Pair>.inference_bytes == 256 + 4096);
static_assert(plan<Pair>.bytes == (256 + 4096) + (256 + 2 * 4096));
// Forward: input → z, z → y. Backward: y and its gradient → z's gradient; that and the input → the weights'
// gradient.
static_assert(plan<Pair, Unfused>.bytes == (256 + 4096) + 2 * 4096 + 3 * 4096 + (256 + 4096));

// z and its gradient share their memory with the output; inference takes as much for each of 16 samples at a time.
static_assert(plan<Pair>.infers.arena == 256 + 4096 && plan<Pair>.infers.weights == 9 * 16 * 4);
static_assert(images_together(plan<Pair>.infers) == 16);
static_assert(plan<Pair>.arena_bytes(64) == 64 * 4 * plan<Pair>.arena + 16 * (256 + 4096));
static_assert(plan<Pair>.arena_bytes(1, sizeof(float), 3) == 4 * plan<Pair>.arena + 3 * 16 * (256 + 4096));
static_assert(plan<Pair>.arena_bytes(3, sizeof(double)) == 2 * plan<Pair>.arena_bytes(3));

// A Reference plan knows the network but has no steps.
static_assert(plan<Pair, Reference>.parameters == 144 && plan<Pair, Reference>.steps == 0);
