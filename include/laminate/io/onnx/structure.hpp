// From a flow of parts to words: chains, Residual and Concat, with the weights by the names of state_dict.
#pragma once

#include <laminate/graph/node.hpp>
#include <laminate/io/onnx/combine.hpp>
#include <laminate/io/onnx/word_text.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

/// An activation for which there is no word.
struct named_formula {
  std::string name;
  formula value;
  bool per_channel = false;

  bool says_the_same_as(named_formula const& other) const {
    return per_channel == other.per_channel && value.size() == other.value.size() &&
           std::ranges::equal(value.steps(), other.value.steps(),
                              [](auto const& a, auto const& b) { return a.key() == b.key(); });
  }
};

/// A network as it is written, and its numbers.
struct network_text {
  std::vector<word_text> words;  ///< after the input
  std::vector<named_formula> formulas;
  std::vector<named_tensor<float>> tensors;
  int layers = 0;
};

namespace detail {

class onnx_structure_reader {
 public:
  explicit onnx_structure_reader(onnx_flow const& flow) : flow_(flow) { visited_.assign(flow.parts.size(), false); }

  network_text read(int output) {
    text_.words = between(0, output, "", 0);
    if (text_.words.empty()) text_.words.push_back({"Identity"});
    return std::move(text_);
  }

 private:
  /// The words that lead from one part to a later one, which it dominates. `prefix` begins their names.
  std::vector<word_text> between(int from, int to, std::string const& prefix, int depth) {
    std::vector<int> chain;
    for (int at = to; at != from; at = flow_.begins[static_cast<std::size_t>(at)]) {
      if (visited_[static_cast<std::size_t>(at)])
        throw error(flow_[at].at + ": its result is read in more places than Residual and Concat can say");
      visited_[static_cast<std::size_t>(at)] = true;
      chain.push_back(at);
    }
    std::ranges::reverse(chain);
    if (depth >= layer_path::capacity && !chain.empty())
      throw error(flow_[chain[0]].at + ": blocks are nested too deeply");
    std::vector<word_text> words;
    for (int const at : chain) words.push_back(word(at, prefix + std::to_string(words.size()), depth));
    return repeated(std::move(words));
  }

  word_text word(int at, std::string const& name, int depth) {
    onnx_part const& part = flow_[at];
    ++text_.layers;
    switch (part.is) {
      case onnx_part::sum: return residual(at, name, depth);
      case onnx_part::product: return scale(at, name, depth);
      case onnx_part::concatenation: return joined(at, name, depth);
      case onnx_part::pointwise: return is_product(part.value) ? scale(at, name, depth) : activation(part, name);
      default: return layer(at, name);
    }
  }

  void keep(onnx_part const& part, std::string const& name) {
    for (auto const& tensor : part.tensors)
      text_.tensors.push_back({name + "." + tensor.name, tensor.shape, tensor.values});
  }

  word_text layer(int at, std::string const& name) {
    onnx_part const& part = flow_[at];
    if (part.word.empty())
      throw error(part.at +
                  ": its result is used as an image of one pixel, for which there is no word unless the image "
                  "it is the mean of is square");
    keep(part, name);
    word_text made{part.word};
    for (auto const& argument : part.arguments) made.inside.push_back({argument});
    if (part.word != "Conv" && part.word != "ConvTranspose" && part.word != "Dense") return made;
    // A layer that only a normalisation reads has no bias unless it asks for one; others have.
    auto const& readers = flow_.readers[static_cast<std::size_t>(at)];
    std::string const& next = readers.size() == 1 ? flow_[readers[0]].word : part.word;
    bool const normalised = next == "BN" || next == "BatchNorm";
    if (part.has_bias == normalised) made.inside.push_back({"Bias", {{part.has_bias ? "true" : "false"}}});
    return made;
  }

  word_text activation(onnx_part const& part, std::string const& name) {
    if (part.inputs.size() != 1)
      throw error(part.at +
                  ": it puts together results in a way for which there is no word; of two results, only sums, "
                  "products and channels side by side are");
    if (!part.word.empty()) {
      keep(part, name);
      word_text made{part.word};
      for (auto const& argument : part.arguments) made.inside.push_back({argument});
      return made;
    }
    named_formula made{"", part.value, part.parameter && part.parameter->values.size() > 1};
    if (!part.value.has(formula_step::argument))
      throw error(part.at + ": what it computes does not depend on its input");
    for (auto const& step : part.value.steps())
      if (step.is == formula_step::number && !std::isfinite(step.value))
        throw error(part.at + ": its formula has a number that is not finite");
    if (part.value.size() > most_formula_steps || part.value.written_size() > most_written_steps)
      throw error(part.at + ": its formula is too large");
    if (part.parameter)
      text_.tensors.push_back(
          {name + ".weight", {static_cast<int>(part.parameter->values.size())}, part.parameter->values});
    if (made.per_channel && is_scaling(part.value)) return {"LayerScale"};
    for (auto const& known : text_.formulas)
      if (known.says_the_same_as(made)) return {known.name};
    made.name = "Formula" + std::to_string(text_.formulas.size() + 1);
    text_.formulas.push_back(made);
    return {made.name};
  }

  /// The first summand is the body, as PyTorch's modules add them, unless it is shorter.
  word_text residual(int at, std::string const& name, int depth) {
    int const begin = flow_.begins[static_cast<std::size_t>(at)];
    auto [body, skip] = std::pair(flow_[at].inputs[0], flow_[at].inputs[1]);
    if (length(begin, body) < length(begin, skip)) std::swap(body, skip);
    word_text made{"Residual", between(begin, body, name + ".body.", depth + 2)};
    auto shortcut = between(begin, skip, name + ".shortcut.", depth + 2);
    if (!shortcut.empty()) made.inside.insert(made.inside.begin(), {"Shortcut", std::move(shortcut)});
    if (made.inside.empty()) made.name = "Residual<>";
    return made;
  }
  int length(int from, int to) const {
    int count = 0;
    for (int at = to; at != from; at = flow_.begins[static_cast<std::size_t>(at)]) ++count;
    return count;
  }

  /// x·F(x), in either order.
  word_text scale(int at, std::string const& name, int depth) {
    onnx_part const& part = flow_[at];
    int const begin = flow_.begins[static_cast<std::size_t>(at)];
    bool const turned = part.is == onnx_part::pointwise && part.inputs[1] == begin;
    int const whole = part.inputs[turned ? 1 : 0], branch = part.inputs[turned ? 0 : 1];
    if (whole != begin)
      throw error(part.at +
                  ": it multiplies two results neither of which is made of the other alone, for which there is "
                  "no word");
    return {"Scale", between(begin, branch, name + ".", depth + 1)};
  }

  word_text joined(int at, std::string const& name, int depth) {
    int const begin = flow_.begins[static_cast<std::size_t>(at)];
    word_text made{"Concat"};
    for (int const tail : flow_[at].inputs) {
      std::string const branch = name + ".branches." + std::to_string(made.inside.size()) + ".0";
      if (tail == begin)
        made.inside.push_back({"Identity"});
      else if (int const only = flow_.begins[static_cast<std::size_t>(tail)]; only == begin)
        made.inside.push_back(std::move(between(begin, tail, branch.substr(0, branch.size() - 1), depth + 3)[0]));
      else
        made.inside.push_back({"Sequential", between(begin, tail, branch + ".", depth + 4)});
    }
    return made;
  }

  onnx_flow const& flow_;
  network_text text_;
  std::vector<bool> visited_;
};

}  // namespace detail

/// The network between the input and the part `output`. Throws `error`, which names the node, where the flow is none
/// that Residual and Concat can say.
inline network_text structure_of(onnx_flow const& flow, int output) {
  return detail::onnx_structure_reader(flow).read(output);
}

}  // namespace laminate
