// What torch calls the activations, without torch.
#pragma once

#include <laminate/layers.hpp>
#include <laminate/zoo.hpp>

#include <string_view>

namespace conformance {

/// An activation in torch's terms: the name of a function, and its number where it has one.
struct torch_function {
  std::string_view name;
  double number = 0;
};

/// What an activation is called in torch.
template<class Word> inline constexpr torch_function in_torch{"none"};
template<> inline constexpr torch_function in_torch<laminate::Identity>{"identity"};
template<> inline constexpr torch_function in_torch<laminate::BinaryStep>{"step"};
template<> inline constexpr torch_function in_torch<laminate::Logistic>{"sigmoid"};
template<> inline constexpr torch_function in_torch<laminate::Tanh>{"tanh"};
template<> inline constexpr torch_function in_torch<laminate::ArcTan>{"atan"};
template<> inline constexpr torch_function in_torch<laminate::ReLU>{"relu"};
template<> inline constexpr torch_function in_torch<laminate::ReLU6>{"relu6"};
template<bool PerChannel> inline constexpr torch_function in_torch<laminate::ParametricReLU<PerChannel>>{"prelu"};
template<double Alpha> inline constexpr torch_function in_torch<laminate::ELUWith<Alpha>>{"elu", Alpha};
template<> inline constexpr torch_function in_torch<laminate::SoftPlus>{"softplus"};
template<double Slope> inline constexpr torch_function in_torch<laminate::LeakyReLUWith<Slope>>{"leaky_relu", Slope};
template<> inline constexpr torch_function in_torch<laminate::GELU>{"gelu"};
template<> inline constexpr torch_function in_torch<laminate::SiLU>{"silu"};
template<> inline constexpr torch_function in_torch<laminate::LayerScale>{"layer_scale"};
template<> inline constexpr torch_function in_torch<laminate::zoo::Zeros>{"zeros"};

}  // namespace conformance
