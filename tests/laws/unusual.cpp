// Networks that ask for something rare: fused = unfused = reference.
#include <catch2/catch.hpp>

#include "comparison.hpp"

using namespace laminate;

namespace {

// The maximum of what is computed again in the backward pass, where it may round differently.
using pooled_again = Network<Image<3, 9, 8>, BN, Residual<SiLU>, Residual<GELU>, MaxPool<2>>;
using pooled_overlapping = Network<Image<5, 8, 8>, BN, Residual<GELU>, MaxPool<3, Stride<1>, Padding<1>>, Conv<3, 4>>;
// More activations, learned parameters and dropouts in a row than one side of a step takes.
template<class Word> using many = Network<Features<5>, Dense<17>, BN, Repeat<12, Word>, Dense<3>>;
using many_sums = Network<Image<3, 4, 4>, BN, Repeat<6, Residual<PReLU, GELU>>, Conv<3, 2>>;
// Factors of every kind: a number times itself, factors that wait, an image of one pixel each, a Scale that is all.
using squares = Network<Image<3, 5, 4>, Scale<>, Conv<3, 4>, Scale<Identity>, BN, Scale<>>;
using gated = Network<Image<3, 5, 4>, Conv<3, 17>, BN, Scale<SiLU, BN, GELU>, Scale<Dropout<0.2>, PReLU>>;
using one_pixel_each = Network<Image<3, 4, 4>, Conv<3, 17>, Scale<Conv<4, 17, Padding<0>>, BN, Tanh>, ReLU>;
using scales_a_pixel = Network<Image<5, 1, 1>, Scale<GlobalAvgPool, Dense<5>, GELU>, Scale<Scale<Flatten>>>;
// Ends in what waits for the gradient given, and in kept results that a forward step made.
using ends_in_activations = Network<Image<3, 5, 4>, Conv<3, 17>, BN, GELU, SiLU, GELU>;
// What waits for the sum, or the product, is made by a later step than what it is added to.
template<class Block> using joins_late = Network<Features<5>, Dense<17>, Block, Dense<3>>;
using summed_late = joins_late<Residual<Dense<17>, GELU>>;
using multiplied_late = joins_late<Scale<Dense<17>, GELU>>;
// A LayerNorm first, where its gradient is the input's, and of features, where a step takes many samples at a time.
using normalised_first = Network<Image<5, 4, 3>, LayerNorm, GELU, Conv<1, 33>, LayerNormWith<1>, LayerNorm>;
using normalised_samples =
    Network<Features<33>, LayerNorm, Dense<17>, PReLU, LayerNorm, Residual<Dense<17>, LayerNorm>>;
// Transposed convolutions of few and of odd channels, first and last, with holes between taps, cut by padding.
using transposed_first =
    Network<Image<5, 4, 3>, ConvTranspose<3, 17, Stride<2>>, ReLU, ConvTranspose<2, 33, Stride<3>>>;
using transposed_last = Network<Image<33, 3, 4>, BN, GELU, ConvTranspose<5, 17, Padding<3>>, BN, Logistic,
                                ConvTranspose<2, 5, Stride<2>, Dilation<3>, Bias<false>>>;
// An image that is features from the start: for one reader, for two, for the caller; and one that is an image as well.
using flat_first = Network<Image<3, 5, 4>, Flatten, BN, GELU, Dense<17>>;
using flat_twice = Network<Image<3, 5, 4>, Concat<Flatten, Sequential<Flatten, Dense<7>>>, Tanh, Dense<3>>;
using only_flat = Network<Image<3, 5, 4>, Flatten>;
using flat_or_not = Network<Image<3, 5, 4>, Concat<Flatten, Sequential<Conv<3, 4>, Flatten>>, Dense<3>>;
// Inference has nothing to do.
using only_dropout = Network<Features<8>, Dropout<0.5>>;
using nothing_dropped = Network<Image<3, 5, 5>, Dropout<0.0>>;

laws::numbers numbers_of(int count) {
  generator random{3};
  return laws::normal(random, static_cast<std::size_t>(count));
}

template<class Net> std::string broken() { return laws::broken<Net, double, Fused, Unfused>(1e-9, {5, 2}); }

}  // namespace

TEMPLATE_TEST_CASE("unusual networks: fused = unfused = reference", "[laws]", pooled_again, pooled_overlapping,
                   many<Tanh>, many<PReLU>, many<GELU>, many<Dropout<0.1>>, many_sums, squares, gated, one_pixel_each,
                   scales_a_pixel, ends_in_activations, summed_late, multiplied_late, normalised_first,
                   normalised_samples, transposed_first, transposed_last, flat_first, flat_twice, only_flat,
                   flat_or_not, only_dropout, nothing_dropped) {
  CHECK(broken<TestType>() == "");
}

namespace {
using padded_images = Network<Image<3, 5, 4>, Conv<3, 17>, Logistic, ConvTranspose<3, 33, Stride<2>>, LayerNorm,
                              Logistic, Concat<Conv<1, 3>, Conv<3, 18>, Conv<1, 5>>, Upsample<2, Bilinear>,
                              Scale<GlobalAvgPool, Dense<5>, Logistic, Dense<26>>, Conv<2, 7>>;
using padded_features = Network<Features<9>, Dense<17>, Tanh, LayerNorm, Concat<Dense<3>, Dense<2>, Dense<1>>>;
}  // namespace

// After a larger batch, which leaves numbers all over the arena.
TEMPLATE_TEST_CASE("what fills up the last block of channels has no gradient", "[laws]",
                   (Model<padded_images, Fused, double>), (Model<padded_images, Unfused, double>),
                   (Model<padded_features, Fused, double>), (Model<padded_features, Unfused, double>)) {
  TestType model{1, 7};
  for (int const samples : {7, 3}) {
    std::vector<double> const x = laws::to<double>(numbers_of(samples * model.in.size())),
                              dy = laws::to<double>(numbers_of(samples * model.out.size()));
    std::vector<double> y(dy.size());
    model.forward(std::span<double const>(x), std::span<double>(y));
    model.backward(std::span<double const>(dy));
    double named = 0, stored = 0;
    for (auto const& t : gradients(model))
      for (double g : t.values) named += g * g;
    for (double g : model.gradients()) stored += g * g;
    CHECK(named > 0);
    CHECK(stored == Approx(named).epsilon(1e-12));
  }
}

TEMPLATE_TEST_CASE("each forward pass serves one backward pass", "[laws]", Fused, Unfused, Reference) {
  Model<Network<Features<4>, Dense<3>>, TestType> model{1, 2};
  std::vector<float> const x(8, 1), dy(6, 1);
  std::vector<float> y(6);
  std::span<float const> const in(x), gradient(dy);
  CHECK_THROWS_AS(model.backward(gradient), error);
  model.forward(in, y);
  model.backward(gradient);
  CHECK_THROWS_WITH(model.backward(gradient), Catch::Contains("each one serves one backward pass"));
}
