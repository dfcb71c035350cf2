// Pointwise operations that belong together become one activation: what lies between a value and the one place where
// all ways from it meet again.
#pragma once

#include <laminate/io/onnx/part.hpp>
#include <laminate/io/onnx/pointwise_operators.hpp>
#include <laminate/support/error.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

/// Parts, and for each the nearest part that every way from the input to it passes through (its immediate dominator;
/// Cooper, Harvey & Kennedy 2001): where the branches that meet in it have begun.
struct onnx_flow {
  std::vector<onnx_part> parts;
  std::vector<int> begins;
  std::vector<std::vector<int>> readers;

  onnx_part& operator[](int i) { return parts[static_cast<std::size_t>(i)]; }
  onnx_part const& operator[](int i) const { return parts[static_cast<std::size_t>(i)]; }
};

namespace detail {

/// The most operations of one activation, written out. Its expression is a type, and its derivative a larger one.
inline constexpr int most_formula_steps = 64, most_written_steps = 200;

class onnx_combiner {
 public:
  /// Parts that do not lead to the output read nothing.
  onnx_combiner(onnx_flow& flow, int output) : flow_(flow) {
    std::size_t const count = flow_.parts.size();
    flow_.begins.assign(count, -1);
    flow_.readers.assign(count, {});
    depth_.assign(count, 0);
    std::vector<bool> lives(count, false);
    lives[static_cast<std::size_t>(output)] = true;
    for (int i = output; i >= 0; --i)
      for (int const input : flow_[i].inputs) {
        if (!lives[static_cast<std::size_t>(i)]) continue;
        lives[static_cast<std::size_t>(input)] = true;
        flow_.readers[static_cast<std::size_t>(input)].push_back(i);
      }
  }

  void combine() {
    for (int i = 1; i < static_cast<int>(flow_.parts.size()); ++i) {
      find_begin(i);
      onnx_part& part = flow_[i];
      if (part.is == onnx_part::pointwise && part.inputs.size() == 1 && part.word.empty())
        extend(i);
      else if (part.is == onnx_part::sum || (part.is == onnx_part::pointwise && part.inputs.size() > 1))
        close(i);
    }
  }

 private:
  void find_begin(int i) {
    auto const& inputs = flow_[i].inputs;
    int begin = inputs[0];
    for (int other : inputs)
      while (other != begin) {
        int& later = depth(other) > depth(begin) ? other : begin;
        later = begins(later);
      }
    begins(i) = begin;
    depth_[static_cast<std::size_t>(i)] = depth(begin) + 1;
  }
  int depth(int i) const { return depth_[static_cast<std::size_t>(i)]; }

  /// Whether part i is an operation without a word, of one argument.
  bool is_nameless(int i) const {
    return flow_[i].is == onnx_part::pointwise && flow_[i].word.empty() && flow_[i].inputs.size() == 1;
  }

  /// A nameless operation after nameless ones that nothing else reads: their last ones are a word, or all are one
  /// formula.
  void extend(int i) {
    own_[i] = {flow_[i].value, flow_[i].inputs[0]};
    int const before = flow_[i].inputs[0];
    if (readers(before).size() != 1) return;
    if (!is_nameless(before)) return extend_word(i, before);
    formula last = flow_[i].value;
    for (int at = before;; at = own_.at(at).input) {
      formula longer;
      longer.append(last, {longer.append(own_.at(at).value, {longer.argument()})});
      last = std::move(longer);
      if (std::string const word = last.size() > most_formula_steps ? "" : word_of(last); !word.empty())
        return end_with(i, at, std::move(last), word);
      if (own_.at(at).input == flow_[at].inputs[0]) break;  // it stands alone
    }
    replace(i, flow_[before].inputs[0], {before});
  }

  /// A word and a nameless operation that are a word together, such as both halves of ReLU6.
  void extend_word(int i, int before) {
    onnx_part const& first = flow_[before];
    if (first.is != onnx_part::pointwise || first.inputs.size() != 1 || first.parameter) return;
    formula both;
    both.append(flow_[i].value, {both.append(first.value, {both.argument()})});
    std::string const word = word_of(both);
    if (word.empty()) return;
    int const begin = first.inputs[0];
    drop(before);
    std::erase(readers(before), i);
    become(i, begin, std::move(both), nullptr, word);
  }

  /// Parts `first` to i become one with a word. What `first` had been put together with stands alone again.
  void end_with(int i, int first, formula value, std::string const& word) {
    int const before = flow_[i].inputs[0], begin = own_.at(first).input;
    drop(before);
    std::erase(readers(before), i);
    if (begin != flow_[before].inputs[0])
      for (int const input : flow_[begin].inputs) readers(input).push_back(begin);
    become(i, begin, std::move(value), nullptr, word);
  }

  /// Everything between i and where its branches began, if all of it is pointwise and nothing of it is read outside.
  /// A sum of words alone stays a residual block.
  void close(int i) {
    int const begin = begins(i);
    std::set<int> inside;
    std::vector<int> open = flow_[i].inputs;
    bool named = flow_[i].is == onnx_part::sum;
    while (!open.empty()) {
      int const next = open.back();
      open.pop_back();
      if (next == begin || inside.contains(next)) continue;
      onnx_part const& part = flow_[next];
      if (static_cast<int>(inside.size()) > most_formula_steps) return;
      if (part.is != onnx_part::pointwise && part.is != onnx_part::sum) return;
      inside.insert(next);
      named = named && !part.word.empty() && part.is == onnx_part::pointwise;
      open.insert(open.end(), part.inputs.begin(), part.inputs.end());
    }
    for (int const part : inside)
      for (int const reader : readers(part))
        if (reader != i && !inside.contains(reader)) return;
    if (!named) replace(i, begin, std::vector<int>(inside.begin(), inside.end()));
    if (is_nameless(i)) extend(i);
  }

  /// Part i takes `begin` instead, and computes what the parts inside did.
  void replace(int i, int begin, std::vector<int> const& inside) {
    onnx_part& part = flow_[i];
    formula whole;
    std::map<int, int> step{{begin, whole.argument()}};
    auto parameter = part.parameter;
    auto const take = [&](onnx_part const& from) {
      if (from.parameter && parameter && from.parameter->name != parameter->name) return -1;
      if (from.parameter) parameter = from.parameter;
      std::vector<int> arguments;
      for (int const input : from.inputs) arguments.push_back(step.at(input));
      int const value = whole.append(from.value, arguments);
      return whole.size() > most_formula_steps ? -1 : value;
    };
    for (int const p : inside)  // in the order they compute
      if (int const value = take(flow_[p]); value >= 0)
        step[p] = value;
      else
        return;
    int const result = take(part);
    if (result < 0) return;
    whole = whole.ending_at(result);
    if (whole.written_size() > most_written_steps) return;
    for (int const p : inside) drop(p);
    for (int const input : part.inputs) std::erase(readers(input), i);
    std::string const word = word_of(whole);
    become(i, begin, std::move(whole), std::move(parameter), word);
  }
  void become(int i, int begin, formula value, std::shared_ptr<named_tensor<float> const> parameter,
              std::string const& word) {
    onnx_part& part = flow_[i];
    readers(begin).push_back(i);
    part.is = onnx_part::pointwise;
    part.inputs = {begin};
    part.value = std::move(value);
    part.parameter = std::move(parameter);
    part.word = word;
    begins(i) = begin;
    depth_[static_cast<std::size_t>(i)] = depth(begin) + 1;
  }
  void drop(int p) {
    for (int const input : flow_[p].inputs) std::erase(readers(input), p);
  }

  std::vector<int>& readers(int i) { return flow_.readers[static_cast<std::size_t>(i)]; }
  int& begins(int i) { return flow_.begins[static_cast<std::size_t>(i)]; }

  struct own_value {
    formula value;
    int input;
  };

  onnx_flow& flow_;
  std::map<int, own_value> own_;  // of nameless operations, before they were put together with what precedes them
  std::vector<int> depth_;        // of the tree of `begins`
};

}  // namespace detail

/// Parts as a flow whose pointwise operations are activations of one argument, as far as they can be.
inline onnx_flow combine_formulas(std::vector<onnx_part> parts, int output) {
  onnx_flow flow{std::move(parts), {}, {}};
  detail::onnx_combiner(flow, output).combine();
  return flow;
}

}  // namespace laminate
