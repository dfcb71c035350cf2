// The plan on the page: every step with its kernel, what runs on its sides and why there, and what it moves.
#pragma once

#include <laminate/io/html/shown_pass.hpp>

namespace laminate::looking {

struct steps_drawing {
  shown_pass const& shown;
  planned_pass const& p = shown.p;

  std::string operation(int i) const {
    std::string const name = shown.tells.mark(i) + shown.tells.layer(p.operations[i].node);
    return element(
        "button",
        {{"class", "operation"}, {"type", "button"}, {"tabindex", "-1"}, {"data-key", layer_key(p.operations[i].node)}},
        element("b", escape(name)) + " " + escape(shown.work_of(i)));
  }

  std::string flow(int s) const {
    std::string text;
    for (telling::share const& of : shown.tells.shares(s)) {
      std::string why = of.why + (of.alone ? shown.tells.why_alone(of.operations.back()) : "");
      std::string content = element("small", escape(why));
      for (int i : of.operations) content += operation(i);
      text += element("div", {{"class", of.on == fusion::side::kernel ? "side kernel" : "side"}}, content);
    }
    return element("div", {{"class", "flow"}}, text);
  }

  std::string tensor(int t, std::string const& note) const {
    std::string const kind = shown.is_gradient(t) ? "chip gradient" : "chip",
                      content = escape(shown.tells.tensor_name(t) + " ") +
                                element("small", escape(write_bytes(p.bytes(t)) + (p.placed[t].near ? " near" : note)));
    if (p.placed[t].near) return element("span", {{"class", kind}, {"style", shown.colour(shown.maker(t))}}, content);
    return element("button",
                   {{"class", kind},
                    {"type", "button"},
                    {"tabindex", "-1"},
                    {"style", shown.colour(shown.maker(t))},
                    {"data-key", shown.tensor_key(t)}},
                   content);
  }

  std::string traffic_line(int s) const {
    std::string text;
    if (shown.moved[s].read.size > 0) text += element("small", "reads");
    for (int t : shown.moved[s].read) text += tensor(t, "");
    bool const optional = p.steps[s].optional && p.steps[s].output >= 0;
    if (shown.moved[s].written.size > 0 || optional) text += element("small", "writes");
    for (int t : shown.moved[s].written) text += tensor(t, "");
    if (optional) text += tensor(p.steps[s].output, ", if the caller asks for it");
    return text.empty() ? "" : element("div", {{"class", "moves"}}, text);
  }

  std::string keys(int s) const {
    std::string all;
    for (std::size_t i = 0; i < p.operations.size(); ++i)
      if (p.places[i].step == s) add_key(all, layer_key(p.operations[i].node));
    for (int t = 0; t < shown.tensors(); ++t)
      if (!p.placed[t].near && (shown.moved[s].reads(t) || shown.writes(s, t))) add_key(all, shown.tensor_key(t));
    return all;
  }

  std::string step(int s) const {
    fusion::signature const& code = p.steps[s].code;
    std::string const number = std::to_string(s + 1),
                      bytes = "reads " + write_bytes(bytes_read(p, s)) + ", writes " + write_bytes(bytes_written(p, s));
    std::string const head = element("i", {{"class", "number"}}, number) + element("b", escape(write_work(code))) +
                             element("span", {{"class", "shape"}}, escape(write_sizes(code))) +
                             element("small", escape(bytes));
    std::string content = element("button", {{"class", "head"}, {"type", "button"}}, head) + flow(s) + traffic_line(s);
    if (std::string const by = write_algorithms(code); !by.empty()) content += element("p", escape(by));
    return element("li",
                   {{"class", "step"},
                    {"style", shown.colour(s)},
                    {"data-key", shown.step_key(s)},
                    {"data-with", keys(s)},
                    {"data-tell", "step " + number + " · " + write_work(code) + " · " + bytes}},
                   content) +
           "\n";
  }

  std::string list(std::string const& title, int first, int last) const {
    long bytes = 0;
    std::string text;
    for (int s = first; s < last; ++s) {
      bytes += bytes_read(p, s) + bytes_written(p, s);
      text += step(s);
    }
    std::string const count = std::to_string(last - first) + " steps, which move " + write_bytes(bytes) + " per sample";
    std::string const together = shown.tells.depth_first(first, last);
    return element("h3", escape(title + ": " + count)) + (together.empty() ? "" : element("p", escape(together))) +
           element("ol", {{"class", "steps"}}, text);
  }

  std::string draw() const {
    bool const trains = p.output_gradient >= 0;
    return element("div", {{"data-list", "steps"}},
                   trains ? list("Forward", 0, p.forward_steps) + list("Backward", p.forward_steps, shown.steps())
                          : list("Inference", 0, shown.steps()));
  }
};

}  // namespace laminate::looking
