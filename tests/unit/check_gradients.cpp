// check_gradients: right layers pass, and wrong ones are told where they are wrong.
#include <laminate/io/check_gradients.hpp>
#include <laminate/layers.hpp>
#include <laminate/train/loss/check_loss.hpp>
#include <laminate/train/loss/mean_squared_error.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>

#include <catch2/catch.hpp>
#include <sstream>
#include <string>

using namespace laminate;

namespace {

using Swish = Activation<[](auto x) { return x / (1 + exp(-x)); }>;

// A slope that forgets a factor.
struct WrongSlope : word {
  static constexpr auto value = [](auto x) { return x * x; };
  static constexpr auto slope = [](auto x) { return x; };
  static constexpr facts about = mathematics<WrongSlope>::about();
};
// Right for Reference, wrong for whoever keeps the output only: (1 − f)(1 + f) without its second factor.
struct WrongFromOutput : word {
  static constexpr auto value = [](auto x) { return tanh(x); };
  static constexpr auto slope_of_output = [](auto y) { return 1 - y; };
  static constexpr facts about = mathematics<WrongFromOutput>::about();
};

// Its gradient is right, but it falls to the left of −1.28.
struct SaysItNeverFalls : word {
  static constexpr auto value = [](auto x) { return x / (1 + exp(-x)); };
  static constexpr bool monotone = true;
  static constexpr facts about = mathematics<SaysItNeverFalls>::about();
};

struct answer {
  bool right;
  std::string text;
  int wrong_lines() const {
    int lines = 0;
    for (std::size_t at = 0; (at = text.find("wrong", at)) != text.npos; ++at) ++lines;
    return lines;
  }
};
template<class... Arguments> answer checked(auto net) {
  std::ostringstream os;
  bool const right = check_gradients<Arguments...>(net, os);
  return {right, os.str()};
}
bool contains(std::string const& text, std::string const& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("gradients of right layers pass") {
  auto const everything = checked(image<2, 8, 7> >> conv<3, 4, Stride<2>, Bias<true>> >> bn >> prelu_per_channel >>
                                  dropout<0.3> >> ((conv<1, 3> >> Swish{}) + conv<3, 3, Groups<1>>) >>
                                  (id | max_pool<3, Stride<1>, Padding<1>>) >> flatten >> dense<3>);
  INFO(everything.text);
  CHECK(everything.right);
  CHECK(everything.wrong_lines() == 0);
  for (auto const* name : {"input", "0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "4.body.0.weight",
                           "4.shortcut.0.weight", "7.bias"})
    CHECK(contains(everything.text, name));
  CHECK_FALSE(contains(everything.text, "running_mean"));

  CHECK(checked<Swish>(image<2, 5, 4>).right);
  CHECK(checked<Residual<Dense<5>, Tanh>>(features<5>).right);
  CHECK(checked<BinaryStep>(features<5>).right);
}

TEST_CASE("a wrong gradient is told") {
  auto const alone = checked<WrongSlope>(features<7>);
  INFO(alone.text);
  CHECK_FALSE(alone.right);
  CHECK(alone.wrong_lines() == 1);
  auto const falls = checked<SaysItNeverFalls>(features<7>);
  INFO(falls.text);
  CHECK_FALSE(falls.right);
  CHECK(falls.wrong_lines() == 1);
  CHECK(contains(falls.text, "monotone, but falls at -7"));
  CHECK(contains(alone.text, "measured"));

  // Wrong is what lies before the layer, and nothing after it.
  auto const within = checked(features<4> >> dense<5> >> WrongSlope{} >> dense<2>);
  INFO(within.text);
  CHECK_FALSE(within.right);
  CHECK(within.wrong_lines() == 3);
  CHECK(within.text.find("right") > within.text.find("2.weight"));
}

TEST_CASE("gradients of other policies can be checked") {
  CHECK(checked<WrongFromOutput>(features<6>).right);
  CHECK_FALSE(checked<WrongFromOutput, Fused>(features<6>).right);
  CHECK(checked<Tanh, Fused>(features<6>).right);
}

namespace {

// Half of what it should be, and only where labels are.
struct WrongLoss {
  template<class T> batch_loss operator()(std::span<T const> y, std::span<int const> labels, std::span<T> dy) const {
    std::size_t const classes = check_batch<T>(y, labels, dy);
    batch_loss result;
    std::ranges::fill(dy, T(0));
    for (std::size_t n = 0; n < labels.size(); ++n) {
      T const value = y[n * classes + labels[n]];
      result.mean += value * value;
      if (!dy.empty()) dy[n * classes + labels[n]] = value;
    }
    return result;
  }
};
// Forgets its mean where there is no gradient to write.
struct WrongMean : MeanSquaredError {
  template<class T> batch_loss operator()(std::span<T const> y, std::span<int const> labels, std::span<T> dy) const {
    return dy.empty() ? batch_loss{} : MeanSquaredError::operator()(y, labels, dy);
  }
};

template<class L> answer checked_loss(L const& loss) {
  std::ostringstream os;
  bool const right = check_gradients(loss, 4, os);
  return {right, os.str()};
}

}  // namespace

TEST_CASE("the gradient of a loss can be checked") {
  CHECK(checked_loss(SoftmaxCrossEntropy{}).right);
  CHECK(checked_loss(MeanSquaredError{}).right);
  auto const half = checked_loss(WrongLoss{});
  INFO(half.text);
  CHECK_FALSE(half.right);
  CHECK(half.wrong_lines() == 1);
  auto const forgetful = checked_loss(WrongMean{});
  CHECK_FALSE(forgetful.right);
  CHECK(contains(forgetful.text, "the mean is another one"));
}
