// One pass in words: what each step computes of which layers, why there, and what is kept or computed again.
#pragma once

#include <laminate/io/step_words.hpp>

namespace laminate::looking {

/// Text in two columns: what a step is, and what it does, broken to the page. A tab is a space that holds.
inline void print_beside(std::ostream& os, std::vector<std::string> const& left,
                         std::vector<std::string> const& right) {
  constexpr int middle = 35;
  std::vector<std::string> lines;
  for (std::string const& text : right) {
    std::string line;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t const end = std::min(text.find(' ', at), text.size());
      std::string const word = text.substr(at, end - at);
      bool const full = columns(line) + 1 + columns(word) > page_width - middle;
      if (full) lines.push_back(line);
      line = full ? "  " + word : line + (line.empty() ? "" : " ") + word;
      at = end + 1;
    }
    lines.push_back(line);
  }
  for (std::size_t i = 0; i < std::max(left.size(), lines.size()); ++i) {
    std::string const first = i < left.size() ? left[i] : "";
    std::string second = i < lines.size() ? fill(first, middle) + lines[i] : "";
    std::replace(second.begin(), second.end(), '\t', ' ');
    os << first << second << '\n';
  }
}

/// Names of layers one after the other; those of the block before are shortened: "3.body.1 .2".
struct names {
  std::string text{}, mark{}, parent{};

  void add(std::string const& new_mark, std::string const& name) {
    std::size_t const dot = name.rfind('.');
    std::string const block = dot == name.npos ? "" : name.substr(0, dot);
    bool const shortens = new_mark == mark && !block.empty() && block == parent;
    bool const spoken = new_mark == mark && mark.ends_with(' ');  // a word holds for all that follow
    if (!text.empty()) text += ' ';
    text += shortens ? name.substr(dot) : (spoken ? "" : new_mark) + name;
    mark = new_mark, parent = block;
  }
};

/// Puts one pass into words.
struct telling {
  planned_pass const& p;

  std::string layer(int n) const { return write_name(p.nodes[n]); }
  bool is_backward(int i) const { return i >= p.forward_end; }
  bool runs_again(int i) const { return p.operations[i].again; }

  // What operation i is to its layer: its forward work (no mark), that again, sums, or its gradient.
  std::string mark(int i) const {
    fusion::operation const& o = p.operations[i];
    if (is_reduction(o.does)) return "Σ";
    if (runs_again(i)) return "again ";
    return !is_backward(i) ? "" : o.does == fusion::work::add ? "∇→" : "∇";
  }
  std::string tensor_name(int t) const {
    int const i = p.tensors[t].producer;
    if (i < 0) return t == p.output_gradient ? "∇loss" : "input";
    fusion::operation const& o = p.operations[i];
    bool const raw = o.does != fusion::work::add_bias && !is_backward(i) && p.nodes[o.node].bias;
    return mark(i) + (raw ? "raw " : "") + layer(o.node);
  }
  // "reads 3.body.3, 2 (64 KiB each)": a size stands after the last of those that have it.
  template<class Tensors> std::string list(char const* verb, Tensors const& tensors) const {
    std::string text;
    int run = 0;
    auto const size_of = [this](int t) { return write_bytes(p.bytes(t)) + (p.placed[t].near ? " near" : ""); };
    for (int i = 0; i < tensors.size; ++i) {
      text += (i == 0 ? verb + std::string(" ") : ", ") + tensor_name(tensors[i]);
      ++run;
      if (i + 1 < tensors.size && size_of(tensors[i + 1]) == size_of(tensors[i])) continue;
      std::string size = size_of(tensors[i]) + (run > 1 ? " each" : "");
      std::replace(size.begin(), size.end(), ' ', '\t');
      text += "\t(" + size + ")", run = 0;
    }
    return text;
  }

  // Why no kernel took the element-wise work that ends with operation i.
  std::string why_alone(int i) const {
    fusion::operation const& o = p.operations[i];
    if (!p.fuses) return "";
    if (p.output_gradient >= 0 && o.reads(p.output_gradient)) return ", its input comes from the caller";
    if (o.output == p.output || (o.output >= 0 && o.output == p.input_gradient)) return ", it is the network's result";
    if (o.output >= 0 && !fusion::fits_on_load(p.tensors[o.output].of))
      return ", a sample of " + write_bytes(p.bytes(o.output)) + " would not stay in the cache until a kernel reads it";
    return ", no kernel beside it can take it";
  }

  /// What runs on one side of a step by one rule, and why there.
  struct share {
    fusion::side on;
    std::string why;
    std::vector<int> operations{};
    bool alone = false;  ///< what a step without a kernel was made for
  };

  std::vector<share> shares(int s) const {
    std::vector<share> all;
    bool const pass = p.steps[s].code.does == fusion::work::nothing;
    using fusion::side;
    for (side on : {side::first_load, side::second_load, side::kernel, side::store})
      for (int rule = 0; rule < static_cast<int>(p.reasons.size()); ++rule) {
        share of{on, on == side::kernel ? "kernel" : p.reasons[rule]};
        for (int i = 0; i < static_cast<int>(p.operations.size()); ++i)
          if (p.places[i].step == s && p.places[i].on == on && p.places[i].rule == rule) of.operations.push_back(i);
        if (of.operations.empty()) continue;
        of.alone = pass && all.empty();
        if (of.alone) of.why = p.reasons.back();
        all.push_back(of);
      }
    return all;
  }

  /// "while loading 3.body.1 .2; kernel 3.body.3; while storing Σ3.body.4".
  std::string flow(int s) const {
    std::string text;
    for (share const& of : shares(s)) {
      names all;
      for (int i : of.operations) all.add(mark(i), layer(p.operations[i].node));
      text += (text.empty() ? "" : "; ") + of.why + (of.alone ? ": " : " ") + all.text +
              (of.alone ? why_alone(of.operations.back()) : "");
    }
    return text;
  }

  bool alike(int a, int b) const {
    fusion::step const &s = p.steps[a], &t = p.steps[b];
    return s.code == t.code && s.optional == t.optional && same_programs(p.programs[a], p.programs[b]) &&
           bytes_read(p, a) == bytes_read(p, b) && bytes_written(p, a) == bytes_written(p, b);
  }

  void print_step(std::ostream& os, int s, std::string const& alike_ones) const {
    memory::traffic const moved = traffic_of(p, s);
    std::string const number = std::to_string(s + 1), reads = list("reads", moved.read),
                      writes = list("writes", moved.written);
    std::string const moves = reads + (reads.empty() || writes.empty() ? "" : "; ") + writes;
    std::vector<std::string> what{fill(number, 4) + number + "  " + write_work(p.steps[s].code),
                                  "      " + write_sizes(p.steps[s].code)};
    std::vector<std::string> does{flow(s), moves + (alike_ones.empty() ? "" : "; likewise" + alike_ones)};
    if (auto const by = write_algorithms(p.steps[s].code); !by.empty()) does.push_back(by);
    print_beside(os, what, does);
  }

  /// "depth first, 1 sample at a time: steps 1 to 5, 13 to 17": the chains of several steps, by their samples.
  std::string depth_first(int first, int last) const {
    std::string text;
    for (int samples = 1; samples <= fusion::most_samples_of_a_chain; ++samples) {
      std::string which;
      for (fusion::chain_of_steps const& c : p.chains)
        if (c.steps > 1 && c.samples == samples && c.first >= first && c.end() <= last)
          which += (which.empty() ? "" : ", ") + std::to_string(c.first + 1) + " to " + std::to_string(c.end());
      if (which.empty()) continue;
      text += "depth first, " + std::to_string(samples) + (samples == 1 ? " sample" : " samples") +
              " at a time: steps " + which + "\n";
    }
    return text;
  }

  /// The steps from `first` to before `last`; alike ones are told once.
  void print(std::ostream& os, char const* title, int first, int last) const {
    long bytes = 0;
    for (int s = first; s < last; ++s) bytes += bytes_read(p, s) + bytes_written(p, s);
    os << '\n' << title << ": " << last - first << " steps, " << write_bytes(bytes) << " per sample\n";
    os << depth_first(first, last);
    std::vector<bool> told(last, false);
    for (int s = first; s < last; ++s) {
      std::string others;
      for (int t = s + 1; t < last && !told[s]; ++t)
        if (!told[t] && alike(s, t)) told[t] = true, others += " " + std::to_string(t + 1);
      if (!told[s]) print_step(os, s, others);
    }
  }

  /// Forward results that the backward pass computes again, by layer, and those that wait for it in memory.
  struct forward_results {
    std::vector<int> again{}, kept{};
  };

  forward_results used_backward() const {
    forward_results found;
    std::vector<bool> seen(p.tensors.size(), false);
    for (int i = p.forward_end; i < static_cast<int>(p.operations.size()); ++i)
      for (int k = 0; runs_again(i) && k < p.forward_end; ++k)
        if (int const t = p.operations[k].output; t >= 0 && p.operations[k].node == p.operations[i].node &&
                                                  p.operations[k].does == p.operations[i].does && !seen[t])
          seen[t] = true, found.again.push_back(t);
    for (std::size_t s = p.forward_steps; s < p.steps.size(); ++s)
      for (int t : traffic_of(p, s).read)
        if (!seen[t] && t != p.output_gradient && p.tensors[t].producer < p.forward_end)
          seen[t] = true, found.kept.push_back(t);
    return found;
  }

  void print_kept(std::ostream& os) const {
    forward_results const found = used_backward();
    print_tensors(os, "computed again, not kept", found.again);
    print_tensors(os, "kept for the backward pass", found.kept);
  }

  void print_tensors(std::ostream& os, char const* title, std::vector<int> tensors) const {
    constexpr std::size_t most = 24;
    std::sort(tensors.begin(), tensors.end());
    long bytes = 0;
    names all;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      bytes += p.bytes(tensors[i]);
      if (i < most) all.add("", tensor_name(tensors[i]));
    }
    std::string const more = tensors.size() > most ? " and " + std::to_string(tensors.size() - most) + " more" : "";
    print_beside(os, {title}, {tensors.empty() ? "nothing" : write_bytes(bytes) + ": " + all.text + more});
  }
};

}  // namespace laminate::looking
