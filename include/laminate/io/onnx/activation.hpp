// What an activation is in ONNX: an operator of its own where there is one, else the operations of its formula.
#pragma once

#include <laminate/graph/leaves.hpp>
#include <laminate/io/onnx/formula_of.hpp>
#include <laminate/layers.hpp>

#include <string_view>
#include <vector>

namespace laminate {

/// An operator, "LeakyRelu", with its attribute alpha where it has one.
struct onnx_operator {
  std::string_view name{};
  bool has_alpha = false;
  double alpha = 0;
  bool times_input = false;  ///< the result is multiplied by the argument
};

/// The operator of a word. An activation that is not named here is written as its formula; nobody has to add one.
template<class Word> inline constexpr onnx_operator in_onnx{};
template<> inline constexpr onnx_operator in_onnx<Identity>{"Identity"};
template<> inline constexpr onnx_operator in_onnx<Logistic>{"Sigmoid"};
template<> inline constexpr onnx_operator in_onnx<Tanh>{"Tanh"};
template<> inline constexpr onnx_operator in_onnx<ArcTan>{"Atan"};
template<> inline constexpr onnx_operator in_onnx<ReLU>{"Relu"};
template<> inline constexpr onnx_operator in_onnx<ReLU6>{"Clip"};
template<bool PerChannel> inline constexpr onnx_operator in_onnx<ParametricReLU<PerChannel>>{"PRelu"};
template<double Alpha> inline constexpr onnx_operator in_onnx<ELUWith<Alpha>>{"Elu", true, Alpha};
template<double Slope> inline constexpr onnx_operator in_onnx<LeakyReLUWith<Slope>>{"LeakyRelu", true, Slope};
template<> inline constexpr onnx_operator in_onnx<SoftPlus>{"Softplus"};
template<> inline constexpr onnx_operator in_onnx<SiLU>{"Sigmoid", false, 0, true};

/// An activation of a network: its operator, or its formula.
struct onnx_activation {
  onnx_operator is{};
  formula written{};
};

/// Those of all leaves of a network; nothing for leaves that are no activations.
template<class Net> std::vector<onnx_activation> onnx_activations() {
  return boost::hana::unpack(leaves<Net>, [](auto... types) {
    auto const of = []<class Word>(boost::hana::basic_type<Word>) -> onnx_activation {
      if constexpr (Word::about.acts_as != role::activation)
        return {};
      else if constexpr (in_onnx<Word>.name.empty())
        return {{}, formula_of(mathematics<Word>::value())};
      else
        return {in_onnx<Word>, {}};
    };
    return std::vector<onnx_activation>{of(types)...};
  });
}

}  // namespace laminate
