// summary(os, model): a network's layers with shapes, parameters, multiply-adds and the steps they run in.
#pragma once

#include <laminate/model/plan.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace laminate {

template<class Net, class Policy, class T, class Arch, bool Accepted> class Model;
template<class Net, class Policy, class T, class Arch> class InferenceModel;

/// What summary, explain and to_dot share: how shapes, bytes, layers and tables are written.
namespace looking {

inline constexpr int page_width = 110;

/// Columns on the screen: bytes that continue a UTF-8 character take none.
inline int columns(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}
inline std::string fill(std::string_view text, int width) {
  return std::string(std::max(0, width - columns(text)), ' ');
}
inline std::string cut(std::string text, int width) {
  if (columns(text) <= width) return text;
  while (!text.empty() && columns(text) >= width) {
    while ((text.back() & 0xC0) == 0x80) text.pop_back();
    text.pop_back();
  }
  return text + "…";
}

inline std::string write_shape(shape s) {
  std::string const channels = std::to_string(s.channels);
  return s.is_features() ? channels : channels + "×" + std::to_string(s.height) + "×" + std::to_string(s.width);
}

/// 1234567 → "1,234,567".
inline std::string write_count(long n) {
  std::string text = std::to_string(n);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3) text.insert(i, ",");
  return text;
}

/// "40 B", "64 KiB", "1.5 MiB".
inline std::string write_bytes(long bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " B";
  bool const mega = bytes >= 1024 * 1024;
  long const tenths = (bytes * 10 + (mega ? 512 * 1024 : 512)) / (mega ? 1024 * 1024 : 1024);
  std::string const fraction = tenths % 10 ? "." + std::to_string(tenths % 10) : "";
  return std::to_string(tenths / 10) + fraction + (mega ? " MiB" : " KiB");
}

/// The compiler's own spelling of a type, without namespaces; formulas, which have no name, are left out.
template<class W> std::string type_name() {
  std::string_view const text = __PRETTY_FUNCTION__;
  std::size_t const first = text.find("W = ") + 4;
  std::string_view const full = text.substr(first, std::min(text.find(';', first), text.rfind(']')) - first);
  std::string_view name = full.substr(0, full.find('<'));
  if (std::size_t const scope = name.rfind(':'); scope != name.npos) name.remove_prefix(scope + 1);
  return std::string(name);
}
template<class Net> std::vector<std::string> type_names() {
  return boost::hana::unpack(leaves<Net>, [](auto... types) {
    return std::vector<std::string>{type_name<typename decltype(types)::type>()...};
  });
}

inline std::string write_kernel(window const& w) { return std::to_string(w.kernel) + "×" + std::to_string(w.kernel); }
inline std::string write_option(char const* name, int value, int usual) {
  return value == usual ? "" : std::string(", ") + name + " " + std::to_string(value);
}

/// A layer as a person would write it; `type` is its word's, which names an activation.
inline std::string write_layer(graph_node const& v, std::string const& type) {
  std::string const count = " " + std::to_string(v.out.channels), bias = v.bias ? ", bias" : "";
  switch (v.acts_as) {
    case role::input: return type + " " + write_shape(v.out);
    case role::convolution:
    case role::transposed_convolution:
      return type + " " + write_kernel(v.how) + count + write_option("stride", v.how.stride, 1) +
             write_option("dilation", v.how.dilation, 1) + write_option("groups", v.how.groups, 1) + bias;
    case role::dense: return type + count + bias;
    case role::max_pool:
    case role::average_pool:
      return type + " " + write_kernel(v.how) + write_option("stride", v.how.stride, v.how.kernel);
    case role::layer_normalisation: return "LayerNorm";
    case role::upsample:
      return type + " " + std::to_string(v.how.stride) + "×" + (v.how.kernel > 1 ? ", bilinear" : "");
    case role::dropout: return type + " " + std::to_string(static_cast<int>(v.rate * 100 + 0.5)) + "%";
    case role::sum: return "sum of Residual";
    case role::product:
    case role::channel_scale: return "product of Scale";
    case role::concatenation: return "Concat";
    default: return type;
  }
}

inline std::string write_name(graph_node const& v) { return v.acts_as == role::input ? "input" : name_of(v.at); }

using table = std::vector<std::vector<std::string>>;

/// Aligned columns, the first `left` ones to the left; the widest of these is cut to fit the page.
inline void print_table(std::ostream& os, table const& rows, std::size_t left) {
  std::vector<int> widths(rows[0].size());
  int all = -2;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    for (auto const& row : rows) widths[c] = std::max(widths[c], columns(row[c]));
    all += widths[c] + 2;
  }
  if (all > page_width) *std::max_element(widths.begin(), widths.begin() + left) -= all - page_width;
  for (auto const& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      std::string const cell = cut(row[c], widths[c]);
      line += (c ? "  " : "") + (c < left ? cell + fill(cell, widths[c]) : fill(cell, widths[c]) + cell);
    }
    os << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

/// The steps in which a layer has work to do, between two steps, counted from 1.
inline std::string write_steps(planned_pass const& p, int n, int first, int last) {
  std::vector<bool> works(p.steps.size(), false);
  for (std::size_t i = 0; i < p.operations.size(); ++i)
    if (p.operations[i].node == n) works[p.places[i].step] = true;
  std::string text;
  for (int s = first; s < last; ++s)
    if (works[s]) text += (text.empty() ? "" : " ") + std::to_string(s + 1);
  return cut(text, 16);
}

inline void add_steps(table& rows, planned_pass const& inference, planned_pass const& training) {
  int const forward = training.forward_steps, all = static_cast<int>(training.steps.size());
  for (char const* title : {"infer", "forward", "backward"}) rows[0].push_back(title);
  for (int n = 0; n < static_cast<int>(rows.size()) - 1; ++n) {
    rows[n + 1].push_back(write_steps(inference, n, 0, static_cast<int>(inference.steps.size())));
    rows[n + 1].push_back(write_steps(training, n, 0, forward));
    rows[n + 1].push_back(write_steps(training, n, forward, all));
  }
}

template<class Net> table list_layers() {
  auto const& g = graph_of<Net>;
  auto const types = type_names<Net>();
  std::vector<long> learned(g.size, 0);
  for (parameter const& q : parameters_of<Net>) learned[q.node] += is_learned(q.kind) ? q.size() : 0;
  table rows;
  rows.push_back({"name", "layer", "output", "parameters", "multiply-adds"});
  for (int n = 0; n < g.size; ++n) {
    graph_node const& v = g.nodes[n];
    long const work = multiply_adds(v);
    rows.push_back({write_name(v), write_layer(v, types[v.leaf]), write_shape(v.out),
                    learned[n] ? write_count(learned[n]) : "", work ? write_count(work) : ""});
  }
  return rows;
}

inline void print_costs(std::ostream& os, network_plan const& p) {
  os << write_count(p.parameters) << " parameters, " << write_count(p.flops / 2) << " multiply-adds a sample, depth "
     << p.depth << '\n';
}

inline void print_totals(std::ostream& os, network_plan const& p) {
  print_costs(os, p);
  if (p.steps == 0) return;
  os << p.inference_steps << " steps to infer; training: " << p.forward_steps << " forward, "
     << p.steps - p.forward_steps << " backward\n";
}

}  // namespace looking

/// Prints one line for each layer: its name in state_dict, the layer, the shape of its output, learned
/// parameters, multiply-adds of one sample, and the steps (from 1) of inference and of training that do its
/// work; then the totals.
template<class Net, class Policy, class T, class Arch, bool Accepted>
void summary(std::ostream& os, Model<Net, Policy, T, Arch, Accepted> const& model) {
  if constexpr (Accepted) {
    looking::table rows = looking::list_layers<Net>();
    constexpr bool has_steps = requires { typename Policy::rules; };
    if constexpr (has_steps)
      looking::add_steps(rows, planned<Net, Policy, pass::inference>, planned<Net, Policy, pass::training>);
    looking::print_table(os, rows, 3);
    looking::print_totals(os, plan<Net, Policy>);
    if constexpr (has_steps)
      os << "arenas of " << looking::write_bytes(static_cast<long>(model.arena_bytes())) << " for batches of up to "
         << model.capacity() << '\n';
  }
}

/// The same of a frozen model: the steps of its inference, the images that go through them together, and its memory.
template<class Net, class Policy, class T, class Arch>
void summary(std::ostream& os, InferenceModel<Net, Policy, T, Arch> const& model) {
  planned_pass const& p = planned<Net, Policy, pass::folded>;
  looking::table rows = looking::list_layers<Net>();
  rows[0].push_back("infer");
  for (int n = 0; n < static_cast<int>(rows.size()) - 1; ++n) {
    bool const folded = folds(graph_of<Net>.all(), n);
    rows[n + 1].push_back(looking::write_steps(p, n, 0, static_cast<int>(p.steps.size())) + (folded ? " folded" : ""));
  }
  looking::print_table(os, rows, 3);
  looking::print_costs(os, plan<Net, Policy>);
  os << p.steps.size() << " steps to infer, for " << model.together << (model.together == 1 ? " sample" : " samples")
     << " at a time, threads: " << model.threads() << "\n"
     << "arenas of " << looking::write_bytes(static_cast<long>(model.arena_bytes())) << ", parameters of "
     << looking::write_bytes(static_cast<long>(model.parameter_bytes())) << '\n';
}

}  // namespace laminate
