// What ONNX's pointwise operators compute, in the operations of a formula; and the words for them.
#pragma once

#include <laminate/io/onnx/formula_of.hpp>
#include <laminate/io/onnx/node_reader.hpp>
#include <laminate/layers.hpp>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <map>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate::detail {

/// An operator while its formula is written: its operands are steps of that.
struct pointwise_operator {
  onnx_node_reader const& node;
  formula& f;
  std::vector<int> const& of;

  double number(char const* name, double otherwise) const { return node.number(name, otherwise); }
  int x() const { return of[0]; }
  int constant(double value) const { return f.number(value); }
  int apply(std::string_view does, int a) const { return f.apply(does, {a}); }
  int apply(std::string_view does, int a, int b) const { return f.apply(does, {a, b}); }
  int where_less(int a, int b, int then, int otherwise) const { return f.apply("WhereLess", {a, b, then, otherwise}); }
  int smaller(int a, int b) const { return where_less(b, a, b, a); }
  int larger(int a, int b) const { return where_less(a, b, b, a); }
  int limited(int a, double least, double most) const { return smaller(larger(a, constant(least)), constant(most)); }
  int scaled(double by, int a) const { return by == 1 ? a : apply("Mul", constant(by), a); }
  int plus(int a, double b) const { return b < 0 ? apply("Sub", a, constant(-b)) : apply("Add", a, constant(b)); }
  int sigmoid(int a) const { return apply("Div", constant(1), plus(apply("Exp", apply("Neg", a)), 1)); }
  int softplus(int a) const {
    return apply("Add", larger(a, constant(0)), apply("Log1p", apply("Exp", apply("Neg", apply("Abs", a)))));
  }
  /// α(eˣ − 1) below 0, x above.
  int elu(int a, double alpha) const {
    int const low = smaller(a, constant(0));
    return where_less(a, constant(0), scaled(alpha, plus(apply("Exp", low), -1)), a);
  }
  int gelu(int a) const {
    if (node.text("approximate", "none") == "tanh") {
      int const cube = apply("Mul", a, apply("Mul", a, a));
      int const inner = scaled(std::sqrt(2 / std::numbers::pi), apply("Add", a, scaled(0.044715, cube)));
      return apply("Mul", scaled(0.5, a), plus(apply("Tanh", inner), 1));
    }
    return apply("Mul", scaled(0.5, a), plus(apply("Erf", scaled(1 / std::numbers::sqrt2, a)), 1));
  }
  int all(int (pointwise_operator::*join)(int, int) const) const {
    int result = of[0];
    for (std::size_t i = 1; i < of.size(); ++i) result = (this->*join)(result, of[i]);
    return result;
  }
  int power() const {
    if (f[of[1]].is != formula_step::number) return -1;
    double const exponent = f[of[1]].value;
    if (exponent == 0.5) return apply("Sqrt", x());
    if (exponent != std::floor(exponent) || std::abs(exponent) < 1 || std::abs(exponent) > 8) return -1;
    int result = x();
    for (int i = 1; i < std::abs(exponent); ++i) result = apply("Mul", result, x());
    return exponent < 0 ? apply("Div", constant(1), result) : result;
  }
};

/// Of two arguments.
inline bool is_product(formula const& f) {
  return f.size() == 3 && f[2].does == "Mul" && f[0].is == formula_step::argument && f[1].is == formula_step::argument;
}
/// Of an argument and the learned parameter.
inline bool is_scaling(formula const& f) {
  return f.size() == 3 && f[2].does == "Mul" && f.has(formula_step::argument) && f.has(formula_step::parameter);
}

struct known_operator {
  int operands;  ///< at least 1; −1: any number
  int (*value)(pointwise_operator const& o);
};

/// The pointwise operators of ONNX that formulas can say, by the definitions and defaults of its document
/// (https://github.com/onnx/onnx/blob/main/docs/Operators.md); truth is 1, and not 0. The value is −1 where the
/// operands do not allow it.
inline std::map<std::string_view, known_operator> const& pointwise_operators() {
  using P = pointwise_operator;
  static std::map<std::string_view, known_operator> const all{
      {"Add", {2, [](P const& o) { return o.apply("Add", o.of[0], o.of[1]); }}},
      {"Sub", {2, [](P const& o) { return o.apply("Sub", o.of[0], o.of[1]); }}},
      {"Mul", {2, [](P const& o) { return o.apply("Mul", o.of[0], o.of[1]); }}},
      {"Div", {2, [](P const& o) { return o.apply("Div", o.of[0], o.of[1]); }}},
      {"Pow", {2, [](P const& o) { return o.power(); }}},
      {"Min", {-1, [](P const& o) { return o.all(&P::smaller); }}},
      {"Max", {-1, [](P const& o) { return o.all(&P::larger); }}},
      {"Neg", {1, [](P const& o) { return o.apply("Neg", o.x()); }}},
      {"Abs", {1, [](P const& o) { return o.apply("Abs", o.x()); }}},
      {"Exp", {1, [](P const& o) { return o.apply("Exp", o.x()); }}},
      {"Log", {1, [](P const& o) { return o.apply("Log", o.x()); }}},
      {"Sqrt", {1, [](P const& o) { return o.apply("Sqrt", o.x()); }}},
      {"Tanh", {1, [](P const& o) { return o.apply("Tanh", o.x()); }}},
      {"Atan", {1, [](P const& o) { return o.apply("Atan", o.x()); }}},
      {"Erf", {1, [](P const& o) { return o.apply("Erf", o.x()); }}},
      {"Sin", {1, [](P const& o) { return o.apply("Sin", o.x()); }}},
      {"Cos", {1, [](P const& o) { return o.apply("Cos", o.x()); }}},
      {"Reciprocal", {1, [](P const& o) { return o.apply("Div", o.constant(1), o.x()); }}},
      {"Relu", {1, [](P const& o) { return o.where_less(o.x(), o.constant(0), o.constant(0), o.x()); }}},
      {"LeakyRelu",
       {1,
        [](P const& o) {
          return o.where_less(o.x(), o.constant(0), o.scaled(o.number("alpha", 0.01), o.x()), o.x());
        }}},
      {"PRelu",
       {2, [](P const& o) { return o.where_less(o.x(), o.constant(0), o.apply("Mul", o.of[1], o.x()), o.x()); }}},
      {"ThresholdedRelu",
       {1, [](P const& o) { return o.where_less(o.constant(o.number("alpha", 1)), o.x(), o.x(), o.constant(0)); }}},
      {"Elu", {1, [](P const& o) { return o.elu(o.x(), o.number("alpha", 1)); }}},
      {"Selu",
       {1,
        [](P const& o) {
          return o.scaled(o.number("gamma", 1.05070102214813232421875),
                          o.elu(o.x(), o.number("alpha", 1.67326319217681884765625)));
        }}},
      {"Celu",
       {1,
        [](P const& o) {
          double const alpha = o.number("alpha", 1);
          return o.scaled(alpha, o.elu(o.scaled(1 / alpha, o.x()), 1));
        }}},
      {"Sigmoid", {1, [](P const& o) { return o.sigmoid(o.x()); }}},
      {"HardSigmoid",
       {1,
        [](P const& o) {
          return o.limited(o.plus(o.scaled(o.number("alpha", 0.2), o.x()), o.number("beta", 0.5)), 0, 1);
        }}},
      {"HardSwish",
       {1, [](P const& o) { return o.apply("Mul", o.x(), o.limited(o.plus(o.scaled(1.0 / 6, o.x()), 0.5), 0, 1)); }}},
      {"Softplus", {1, [](P const& o) { return o.softplus(o.x()); }}},
      {"Softsign", {1, [](P const& o) { return o.apply("Div", o.x(), o.plus(o.apply("Abs", o.x()), 1)); }}},
      {"Mish", {1, [](P const& o) { return o.apply("Mul", o.x(), o.apply("Tanh", o.softplus(o.x()))); }}},
      {"Gelu", {1, [](P const& o) { return o.gelu(o.x()); }}},
      {"Less", {2, [](P const& o) { return o.where_less(o.of[0], o.of[1], o.constant(1), o.constant(0)); }}},
      {"Greater", {2, [](P const& o) { return o.where_less(o.of[1], o.of[0], o.constant(1), o.constant(0)); }}},
      {"LessOrEqual", {2, [](P const& o) { return o.where_less(o.of[1], o.of[0], o.constant(0), o.constant(1)); }}},
      {"GreaterOrEqual", {2, [](P const& o) { return o.where_less(o.of[0], o.of[1], o.constant(0), o.constant(1)); }}},
      {"Equal",
       {2,
        [](P const& o) {
          int const no = o.constant(0);
          return o.where_less(o.of[0], o.of[1], no, o.where_less(o.of[1], o.of[0], no, o.constant(1)));
        }}},
      {"Not", {1, [](P const& o) { return o.apply("Sub", o.constant(1), o.x()); }}},
      {"And", {2, [](P const& o) { return o.apply("Mul", o.of[0], o.of[1]); }}},
      {"Where", {3, [](P const& o) { return o.where_less(o.constant(0), o.of[0], o.of[1], o.of[2]); }}}};
  return all;
}

/// A number as C++ reads it back, with the digits that a float has.
inline std::string text_of_number(double value) {
  char text[40];
  auto const end = std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr;
  std::string const number(text, end);
  return number.find_first_of(".e") == number.npos ? number + ".0" : number;
}

/// The word for a formula of one argument; empty where there is none. Not by how it is written, of which there are many
/// ways, but by its values: on a grid, within what constants in float are rounded by.
inline std::string word_of(formula const& f) {
  static auto const on_grid = [](formula const& g) {
    std::vector<double> values;
    for (int i = -64; i <= 64; ++i) values.push_back(g(i / 8.0));
    return values;
  };
  static std::vector<std::pair<char const*, std::vector<double>>> const words{
      {"GELU", on_grid(formula_of(mathematics<GELU>::value()))},
      {"SiLU", on_grid(formula_of(mathematics<SiLU>::value()))},
      {"SoftPlus", on_grid(formula_of(mathematics<SoftPlus>::value()))},
      {"Logistic", on_grid(formula_of(mathematics<Logistic>::value()))},
      {"Tanh", on_grid(formula_of(mathematics<Tanh>::value()))},
      {"ArcTan", on_grid(formula_of(mathematics<ArcTan>::value()))},
      {"ReLU", on_grid(formula_of(mathematics<ReLU>::value()))},
      {"ReLU6", on_grid(formula_of(mathematics<ReLU6>::value()))},
      {"ELU", on_grid(formula_of(mathematics<ELU>::value()))},
      {"LeakyReLU", on_grid(formula_of(mathematics<LeakyReLU>::value()))},
      {"BinaryStep", on_grid(formula_of(mathematics<BinaryStep>::value()))},
      {"Identity", on_grid(formula_of(mathematics<Identity>::value()))}};
  if (f.has(formula_step::parameter)) return "";
  std::vector<double> found;  // computed as far as it is compared: most words differ at the first place
  for (auto const& [word, known] : words) {
    bool equal = true;
    for (std::size_t i = 0; i < known.size() && equal; ++i) {
      if (i == found.size()) found.push_back(f((static_cast<int>(i) - 64) / 8.0));
      equal = std::abs(found[i] - known[i]) <= 2e-7 * (1 + std::abs(known[i]));
    }
    if (equal) return word;
  }
  return "";
}

}  // namespace laminate::detail
