// What a word of the DSL states about itself: plain values, gathered into an array while compiling.
#pragma once

#include <laminate/describe/problem.hpp>
#include <laminate/describe/role.hpp>
#include <laminate/describe/shape.hpp>
#include <laminate/describe/window.hpp>

namespace laminate {

enum class choice : unsigned char { automatic, yes, no };

/// How an activation behaves, as far as fusion and initialisation care.
struct activation_facts {
  bool rectifies = false;        ///< member of the ReLU family: He's initialisation before it, Glorot's otherwise
  bool slope_of_output = false;  ///< f′ follows from f's value, so that the input need not be kept
  bool monotone = false;         ///< never falls: the largest of its values is its value of the largest
  bool learned = false;          ///< has a parameter per channel or one shared by all
  bool per_channel = false;
  double initial = 0;  ///< first value of the parameter
  int cost = 0;        ///< about how many vector operations one value takes

  bool operator==(activation_facts const&) const = default;
};

struct facts;
using shape_rule = shape (*)(facts const&, shape in);
using refusal_rule = problem (*)(facts const&, shape in);

/// One word's facts. A rule gets the facts and the incoming shape and answers with a shape, or a problem.
struct facts {
  role acts_as = role::input;
  shape_rule output = nullptr;
  refusal_rule refuses = nullptr;
  window how{};
  int count = 0;  ///< filters of a convolution, features of a dense layer, times of a Repeat, branches of a Concat
  choice bias = choice::automatic;
  double rate = 0;        ///< of dropout
  double epsilon = 1e-5;  ///< of a normalisation; PyTorch's default
  double momentum = 0.1;  ///< weight of the new value in running statistics; PyTorch's default
  shape given{};          ///< the input's shape
  activation_facts activation{};
  bool gradient_reads_input = false;  ///< of a custom layer: its backward loops want the forward pass's input
  problem misuse = problem::none;
  int options_given = 0;  ///< a bit per option, to notice one that is given twice
  bool padding_given = false;
};

/// A size that may have grown beyond every network; what is that large is refused as too large.
constexpr int at_most_too_large(double size) { return static_cast<int>(size < 1 << 28 ? size : 1 << 28); }

/// 10^−exponent, as words write the ε of a normalisation.
constexpr double epsilon_of(int exponent) {
  double epsilon = 1;
  for (int i = 0; i < exponent; ++i) epsilon /= 10;
  return epsilon;
}

/// Shape rules many words share.
constexpr shape same_shape(facts const&, shape in) { return in; }
constexpr problem accepts_anything(facts const&, shape) { return problem::none; }
constexpr problem wants_an_image(facts const&, shape in) {
  return in.is_image() ? problem::none : problem::this_layer_wants_an_image_but_gets_features;
}
constexpr problem wants_a_fitting_image(facts const& f, shape in) {
  if (!in.is_image()) return problem::this_layer_wants_an_image_but_gets_features;
  bool const fits = f.how.output(in.height) > 0 && f.how.output(in.width) > 0;
  return fits ? problem::none : problem::the_kernel_is_larger_than_its_padded_input;
}

}  // namespace laminate
