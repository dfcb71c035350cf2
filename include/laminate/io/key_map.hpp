// Names of parameters in files of others, such as torchvision's, and back.
#pragma once

#include <laminate/model/state_dict.hpp>

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace laminate {

/// Pairs of layers, ours and theirs: `key_map{{"0", "conv1"}, {"1", "bn1"}}` maps "0.weight" to
/// "conv1.weight" and back. Of several that fit the longest counts; what none fits keeps its name.
class key_map {
 public:
  key_map() = default;
  key_map(std::initializer_list<std::pair<std::string, std::string>> layers) : layers_(layers) {}
  explicit key_map(std::vector<std::pair<std::string, std::string>> layers) : layers_(std::move(layers)) {}

  std::string theirs(std::string const& ours) const {
    return mapped(
        ours, [](auto const& pair) -> auto const& { return pair.first; },
        [](auto const& pair) -> auto const& { return pair.second; });
  }
  std::string ours(std::string const& theirs) const {
    return mapped(
        theirs, [](auto const& pair) -> auto const& { return pair.second; },
        [](auto const& pair) -> auto const& { return pair.first; });
  }

 private:
  std::string mapped(std::string const& name, auto from, auto to) const {
    std::pair<std::string, std::string> const* best = nullptr;
    for (auto const& pair : layers_) {
      bool const fits = name.starts_with(from(pair)) && name.substr(from(pair).size()).starts_with('.');
      if (fits && (!best || from(pair).size() > from(*best).size())) best = &pair;
    }
    return best ? to(*best) + name.substr(from(*best).size()) : name;
  }

  std::vector<std::pair<std::string, std::string>> layers_;
};

namespace detail {

/// "4.0.body.3" → {"4", "0", "body", "3"}.
inline std::vector<std::string> split_name(std::string_view name) {
  std::vector<std::string> parts(1);
  for (char const c : name)
    if (c == '.')
      parts.push_back("");
    else
      parts.back() += c;
  return parts;
}

}  // namespace detail

/// torchvision.models.resnet18, resnet34, resnet50 and their kin for the zoo's ResNet18, ResNet34, ResNet50
/// (any zoo::ImageNetResNet): conv1, bn1, layer1.0.conv1, layer1.0.bn1, …, layer2.0.downsample.0, …, fc.
template<class Net> key_map torchvision_resnet() {
  std::vector<std::string> layers;
  std::map<std::string, bool> projects;  // whether the block of that number has a shortcut of its own
  for (auto const& [name, shape, index, learned] : entries_of<Net>()) {
    std::string const layer = name.substr(0, name.rfind('.'));
    if (layers.empty() || layers.back() != layer) layers.push_back(layer);
    auto const parts = detail::split_name(layer);
    if (parts.size() > 2) projects[parts[0]] |= parts[2] == "shortcut";
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string block;
  int stage = 0, number = 0;
  for (std::string const& layer : layers) {
    auto const parts = detail::split_name(layer);
    if (parts.size() == 1) {
      pairs.emplace_back(layer, pairs.empty() ? "conv1" : pairs.size() == 1 ? "bn1" : "fc");
      continue;
    }
    if (parts[0] != block) {
      bool const begins_a_stage = block.empty() || projects[parts[0]];
      stage += begins_a_stage, number = begins_a_stage ? 0 : number + 1;
      block = parts[0];
    }
    std::string theirs = "layer" + std::to_string(stage) + "." + std::to_string(number) + ".";
    if (parts[2] == "shortcut")
      theirs += "downsample." + parts[3];
    else  // convolution, normalisation, activation, and again
      theirs += (parts[3].size() == 1 && (parts[3][0] - '0') % 3 == 0 ? "conv" : "bn") +
                std::to_string((parts[3][0] - '0') / 3 + 1);
    pairs.emplace_back(layer, theirs);
  }
  return key_map(std::move(pairs));
}

}  // namespace laminate
