// The network on the page: a line for each layer, a box for each block, and beside them the steps that share layers.
#pragma once

#include <laminate/io/html/shown_pass.hpp>

namespace laminate::looking {

struct network_drawing {
  shown_passes const& passes;
  std::span<graph_node const> nodes = passes[0].p.nodes;
  table const& rows = passes[0].rows;

  /// What a layer reads, where it is not the line before.
  std::string inputs(int n) const {
    graph_node const& v = nodes[n];
    if (v.inputs[0] < 0 || (v.inputs[0] == n - 1 && v.inputs[1] < 0)) return "";
    std::string text = "← " + write_name(nodes[v.inputs[0]]);
    if (v.inputs[1] >= 0) text += ", " + write_name(nodes[v.inputs[1]]);
    return element("small", escape(text));
  }

  /// A piece of the bar that layers of one step share; its number stands at the first of them.
  std::string bar(shown_pass const& shown, int n) const {
    int const step = step_of(shown.p, n), before = n > 0 ? step_of(shown.p, n - 1) : -1;
    return element("i", {{"class", "bar " + shown.name}, {"style", shown.colour(step)}},
                   step < 0 || step == before ? "" : std::to_string(step + 1));
  }

  std::string keys(int n) const {
    std::string all;
    for (shown_pass const& shown : passes) {
      for (int s : shown.steps_of_layer(n)) add_key(all, shown.step_key(s));
      for (int t = 0; t < shown.tensors(); ++t)
        if (shown.is_made_by(t, n) && shown.p.lives[t].is_used()) add_key(all, shown.tensor_key(t));
    }
    return all;
  }

  std::string tell(int n) const {
    std::string text = rows[n + 1][0] + " · " + rows[n + 1][1];
    for (shown_pass const& shown : passes)
      if (auto const steps = shown.steps_of_layer(n); !steps.empty())
        text += " · " + shown.name + ": " + shown.list_steps(steps);
    return text;
  }

  std::string row(int n) const {
    auto const& cells = rows[n + 1];
    std::string content;
    for (shown_pass const& shown : passes) content += bar(shown, n);
    content += element("b", escape(cells[0])) + element("span", {{"class", "what"}}, escape(cells[1]) + inputs(n)) +
               element("span", {{"class", "shape"}}, escape(cells[2]));
    for (int c : {3, 4}) content += element("span", {{"class", "count"}, {"title", rows[0][c]}}, escape(cells[c]));
    return element("button",
                   {{"class", "row"},
                    {"type", "button"},
                    {"data-key", layer_key(n)},
                    {"data-with", keys(n)},
                    {"data-tell", tell(n)}},
                   content) +
           "\n";
  }

  /// The word of the block whose nodes are [first, last) and whose path has `depth` steps.
  std::string block_word(int first, int last, int depth) const {
    layer_path const& at = nodes[first].at;
    short const own = at.steps[depth - 1];
    if (own == layer_path::body) return "body";
    if (own == layer_path::shortcut) return "shortcut";
    if (depth > 1 && at.steps[depth - 2] == layer_path::branches) return "branch";
    graph_node const& v = nodes[last - 1];
    if (v.at.depth == depth && v.acts_as == role::sum) return "Residual";
    if (v.at.depth == depth) return "Scale";
    return at.steps[depth] == layer_path::branches ? "Concat" : "Sequential";
  }

  bool inside(int n, layer_path const& block, int depth) const {
    layer_path const& at = nodes[n].at;
    return at.depth >= depth && std::equal(at.steps, at.steps + depth, block.steps);
  }

  /// A box is told how many there are around its layers, to which the bar beside them is not to move.
  std::string box(std::string const& word, layer_path const& at, int boxes, std::string const& content) const {
    std::string const title = element("p", word + " " + element("b", escape(name_of(at))));
    return element("div", {{"class", "block"}, {"style", "--boxes:" + std::to_string(boxes)}}, title + content) + "\n";
  }

  /// Nodes [first, last), whose paths begin with the same `depth` steps.
  std::string list(int first, int last, int depth, int boxes) const {
    std::string text;
    for (int n = first, end = n; n < last; n = end) {
      layer_path at = nodes[n].at;
      for (end = n + 1; end < last && at.depth > depth && inside(end, at, depth + 1);) ++end;
      bool const is_block = at.depth > depth + 1 || end > n + 1;
      if (!is_block)
        text += row(n);
      else if (at.steps[depth] == layer_path::branches)  // the Concat around them has a box
        text += list(n, end, depth + 1, boxes);
      else {
        at.depth = depth + 1;
        text += box(block_word(n, end, depth + 1), at, boxes + 1, list(n, end, depth + 1, boxes + 1));
      }
    }
    return text;
  }

  std::string draw() const {
    std::string heads;
    for (auto const& head : rows[0]) heads += element("span", escape(head));
    return element("div", {{"class", "heads"}}, heads) + element("div", {{"class", "layers"}, {"data-list", "layers"}},
                                                                 list(0, static_cast<int>(nodes.size()), 0, 0));
  }
};

}  // namespace laminate::looking
