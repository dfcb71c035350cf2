// A network as C++: its words within lines of 110 columns, its formulas as activations.
#pragma once

#include <laminate/describe/shape.hpp>
#include <laminate/io/onnx/structure.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace laminate::detail {

/// exp(x) / t1: a step that several use has a name.
inline std::string formula_text(formula const& f) {
  std::vector<int> uses(static_cast<std::size_t>(f.size()), 0);
  for (auto const& step : f.steps())
    for (int const i : step.of) ++uses[static_cast<std::size_t>(i)];
  static std::map<std::string_view, std::string_view> const infix{
      {"Add", " + "}, {"Sub", " - "}, {"Mul", " * "}, {"Div", " / "}};
  static std::map<std::string_view, std::string_view> const functions{
      {"Exp", "exp"},   {"Log", "log"}, {"Log1p", "log1p"}, {"Sqrt", "sqrt"}, {"Tanh", "tanh"},
      {"Atan", "atan"}, {"Erf", "erf"}, {"Abs", "abs"},     {"Sin", "sin"},   {"Cos", "cos"}};
  std::vector<std::string> texts, within;  // alone, and as an operand
  std::string lines;
  int names = 0;
  for (int i = 0; i < f.size(); ++i) {
    formula_step const& step = f[i];
    auto const operand = [&](std::size_t k) { return within[static_cast<std::size_t>(step.of[k])]; };
    auto const alone = [&](std::size_t k) { return texts[static_cast<std::size_t>(step.of[k])]; };
    std::string text;
    bool binds = true;
    if (step.is == formula_step::argument)
      text = "x";
    else if (step.is == formula_step::parameter)
      text = "a";
    else if (step.is == formula_step::number)
      text = text_of_number(step.value), binds = step.value >= 0;
    else if (step.does == "WhereLess")
      text = "where(" + alone(0) + " < " + alone(1) + ", " + alone(2) + ", " + alone(3) + ")";
    else if (step.does == "Neg")
      text = "-" + operand(0), binds = false;
    else if (infix.contains(step.does))
      text = operand(0) + std::string(infix.at(step.does)) + operand(1), binds = false;
    else
      text = std::string(functions.at(step.does)) + "(" + alone(0) + ")";
    if (step.is == formula_step::operation && uses[static_cast<std::size_t>(i)] > 1) {
      std::string const name = "t" + std::to_string(++names);
      lines += "    auto const " + name + " = " + text + ";\n";
      text = name, binds = true;
    }
    texts.push_back(text);
    within.push_back(binds ? text : "(" + text + ")");
  }
  return lines + "    return " + texts.back() + ";\n";
}

inline std::string activation_text(named_formula const& f) {
  bool const learned = f.value.has(formula_step::parameter);
  return "struct " + f.name + " : word {\n  static constexpr auto value = [](auto x" + (learned ? ", auto a" : "") +
         ") {\n" + formula_text(f.value) + "  };\n" +
         (f.per_channel ? "  static constexpr bool per_channel = true;\n" : "") +
         "  static constexpr facts about = mathematics<" + f.name + ">::about();\n};\n\n";
}

inline std::string network_source(shape input, network_text const& network) {
  std::string text;
  for (auto const& f : network.formulas) text += activation_text(f);
  word_text whole{"Network", {{input.is_image() ? "Image" : "Features"}}};
  std::vector<int> const sizes =
      input.is_image() ? std::vector{input.channels, input.height, input.width} : std::vector{input.channels};
  for (int const size : sizes) whole.inside[0].inside.push_back({std::to_string(size)});
  whole.inside.insert(whole.inside.end(), network.words.begin(), network.words.end());
  return text + "using Net = " + written(whole, 0, 1) + ";\n";
}

}  // namespace laminate::detail
