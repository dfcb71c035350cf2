// A formula as a value: the operations of a pointwise expression, one after the other. What goes between expressions,
// ONNX's nodes and source text.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

namespace laminate {

/// The operations have ONNX's names; of those it has not, "Log1p" is log(1 + x), and "WhereLess" has four operands:
/// where(a < b, c, d).
struct formula_step {
  enum kind : unsigned char { argument, parameter, number, operation } is = operation;
  std::string_view does{};
  std::vector<int> of{};  ///< operands, which are earlier steps
  double value = 0;       ///< of a number; which argument, where there are several

  auto key() const { return std::tie(is, does, of, value); }
};

/// Its value is that of the last step. Equal steps are one, and what depends on numbers only is a number.
class formula {
 public:
  std::vector<formula_step> const& steps() const { return steps_; }
  int size() const { return static_cast<int>(steps_.size()); }
  formula_step const& operator[](int i) const { return steps_[static_cast<std::size_t>(i)]; }

  int argument(int which = 0) { return add({.is = formula_step::argument, .value = static_cast<double>(which)}); }
  int parameter() { return add({.is = formula_step::parameter}); }
  int number(double value) { return add({.is = formula_step::number, .value = value}); }
  int apply(std::string_view does, std::vector<int> of) {
    if (does == "WhereLess" && is_number(of[0], 0) && (*this)[of[1]].does == does)
      if (int const shorter = choose(of[1], of[2], of[3]); shorter >= 0) return shorter;
    bool const constant = !does.empty() && std::ranges::all_of(of, [&](int i) { return is_number(i); });
    formula_step step{.does = does, .of = std::move(of)};
    return constant ? number(evaluate(step, [&](int i) { return (*this)[i].value; })) : add(std::move(step));
  }

  bool has(formula_step::kind kind) const {
    return std::ranges::any_of(steps_, [&](auto const& step) { return step.is == kind; });
  }

  /// The operations it would have if every step were written out where it is used.
  double written_size() const {
    std::vector<double> sizes;
    for (auto const& step : steps_) {
      double size = 1;
      for (int const i : step.of) size += sizes[static_cast<std::size_t>(i)];
      sizes.push_back(size);
    }
    return sizes.empty() ? 0 : sizes.back();
  }

  double operator()(double x, double a = 0) const {
    std::vector<double> values;
    for (auto const& step : steps_)
      values.push_back(step.is == formula_step::argument    ? x
                       : step.is == formula_step::parameter ? a
                       : step.is == formula_step::number
                           ? step.value
                           : evaluate(step, [&](int i) { return values[static_cast<std::size_t>(i)]; }));
    return values.empty() ? 0 : values.back();
  }

  /// Adds another formula's steps, its arguments replaced by steps of this one; answers with its value's step.
  int append(formula const& other, std::vector<int> const& arguments) {
    std::vector<int> here;
    for (auto const& step : other.steps_) {
      std::vector<int> of;
      for (int const i : step.of) of.push_back(here[static_cast<std::size_t>(i)]);
      here.push_back(step.is == formula_step::argument    ? arguments[static_cast<std::size_t>(step.value)]
                     : step.is == formula_step::operation ? apply(step.does, std::move(of))
                                                          : add(step));
    }
    return here.back();
  }

  /// Only what the value at `result` needs, which becomes the last step.
  formula ending_at(int result) const {
    std::vector<bool> needed(static_cast<std::size_t>(result) + 1, false);
    needed.back() = true;
    for (int i = result; i >= 0; --i)
      if (needed[static_cast<std::size_t>(i)])
        for (int const operand : (*this)[i].of) needed[static_cast<std::size_t>(operand)] = true;
    formula all;
    std::vector<int> moved(needed.size());
    for (int i = 0; i <= result; ++i) {
      if (!needed[static_cast<std::size_t>(i)]) continue;
      formula_step step = (*this)[i];
      for (int& operand : step.of) operand = moved[static_cast<std::size_t>(operand)];
      moved[static_cast<std::size_t>(i)] = all.size();
      all.steps_.push_back(std::move(step));
    }
    return all;
  }

 private:
  int add(formula_step step) {
    auto const known = std::ranges::find_if(steps_, [&](auto const& s) { return s.key() == step.key(); });
    if (known != steps_.end()) return static_cast<int>(known - steps_.begin());
    steps_.push_back(std::move(step));
    return size() - 1;
  }

  bool is_number(int i) const { return (*this)[i].is == formula_step::number; }
  bool is_number(int i, double value) const { return is_number(i) && (*this)[i].value == value; }

  /// where(0 < where(a < b, c, d), then, otherwise), with a number for c or d: ONNX's truth is a value of its own.
  int choose(int condition, int then, int otherwise) {
    auto const of = (*this)[condition].of;
    if (!is_number(of[2]) && !is_number(of[3])) return -1;
    int chosen[2];
    for (int const i : {0, 1}) {
      int const truth = of[static_cast<std::size_t>(2 + i)];
      chosen[i] = !is_number(truth)          ? apply("WhereLess", {number(0), truth, then, otherwise})
                  : (*this)[truth].value > 0 ? then
                                             : otherwise;
    }
    return apply("WhereLess", {of[0], of[1], chosen[0], chosen[1]});
  }

  template<class Value> static double evaluate(formula_step const& step, Value value_of) {
    auto const at = [&](std::size_t i) { return value_of(step.of[i]); };
    static std::map<std::string_view, double (*)(double)> const unary{{"Neg", [](double u) { return -u; }},
                                                                      {"Exp", [](double u) { return std::exp(u); }},
                                                                      {"Log", [](double u) { return std::log(u); }},
                                                                      {"Log1p", [](double u) { return std::log1p(u); }},
                                                                      {"Sqrt", [](double u) { return std::sqrt(u); }},
                                                                      {"Tanh", [](double u) { return std::tanh(u); }},
                                                                      {"Atan", [](double u) { return std::atan(u); }},
                                                                      {"Erf", [](double u) { return std::erf(u); }},
                                                                      {"Abs", [](double u) { return std::abs(u); }},
                                                                      {"Sin", [](double u) { return std::sin(u); }},
                                                                      {"Cos", [](double u) { return std::cos(u); }}};
    if (step.does == "Add") return at(0) + at(1);
    if (step.does == "Sub") return at(0) - at(1);
    if (step.does == "Mul") return at(0) * at(1);
    if (step.does == "Div") return at(0) / at(1);
    if (step.does == "WhereLess") return at(0) < at(1) ? at(2) : at(3);
    auto const found = unary.find(step.does);
    return found == unary.end() ? std::numeric_limits<double>::quiet_NaN() : found->second(at(0));
  }

  std::vector<formula_step> steps_;
};

}  // namespace laminate
