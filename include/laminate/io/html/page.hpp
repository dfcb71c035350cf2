// The page as a whole: figures, how to read it, the network beside its plan and memory.
#pragma once

#include <laminate/io/html/memory_map.hpp>
#include <laminate/io/html/network.hpp>
#include <laminate/io/html/script.hpp>
#include <laminate/io/html/steps.hpp>
#include <laminate/io/html/style.hpp>

namespace laminate::looking {

struct page {
  std::string title, network, policy;
  network_plan const &numbers, &unfused;
  std::vector<shown_pass> passes, unfused_passes;  ///< training, inference

  static std::string figure(char const* name, std::string const& value, std::string const& more) {
    return element("div",
                   element("dt", name) +
                       element("dd", escape(value) + (more.empty() ? "" : " " + element("small", escape(more)))));
  }

  std::string figures() const {
    long const arenas = static_cast<long>(numbers.arena_bytes(1)), plain = static_cast<long>(unfused.arena_bytes(1));
    std::string const steps = std::to_string(numbers.forward_steps) + " forward, " +
                              std::to_string(numbers.steps - numbers.forward_steps) + " backward";
    return element("dl", {{"class", "figures"}},
                   figure("Parameters", write_count(numbers.parameters), "") +
                       figure("Multiply-adds", write_count(numbers.flops / 2), "per sample, forward") +
                       figure("Depth", std::to_string(numbers.depth), "layers with weights") +
                       figure("Steps of training", std::to_string(numbers.steps), steps) +
                       figure("Steps of inference", std::to_string(numbers.inference_steps), "") +
                       figure("Moved by a training step", write_bytes(numbers.bytes),
                              "per sample; one pass per layer: " + write_bytes(unfused.bytes)) +
                       figure("Arenas", write_bytes(arenas), "per sample; one pass per layer: " + write_bytes(plain)));
  }

  static std::string legend() {
    auto entry = [](std::string const& sign, std::string const& says) {
      return element("div", element("dt", sign) + element("dd", escape(says)));
    };
    auto sample = [&](char const* kind, char const* colour) {
      return element("i", {{"class", std::string("sample ") + kind}, {"style", colour}}, "");
    };
    return element(
        "details", {{"open", "open"}},
        element("summary", "How to read this") +
            element("dl", {{"class", "legend"}},
                    entry(sample("", "--h:250"),
                          "layers of one step share its colour and its number; so do the tensors it makes") +
                        entry(sample("gradient", "--h:250"),
                              "a gradient, in the colour of the forward step it belongs to") +
                        entry(sample("", "--c:0"), "given by the caller: the input, and the loss's gradient") +
                        entry("Σ", "sums per channel for a layer") +
                        entry("∇", "the gradient through a layer, at its input") +
                        entry("∇→", "the sum of the gradients from all who read a layer's output") +
                        entry("again", "computed again in the backward pass instead of kept") +
                        entry("raw", "a layer's result before its bias")));
  }

  static std::string bars(std::string const& title, std::vector<std::pair<char const*, long>> const& rows) {
    long most = 1;
    for (auto const& row : rows) most = std::max(most, row.second);
    std::string text = element("b", escape(title));
    for (auto const& [name, bytes] : rows)
      text +=
          element("span", name) +
          element("i", {{"class", &rows[0].second == &bytes ? "this" : ""}, {"style", "width:" + percent(bytes, most)}},
                  "") +
          element("span", escape(write_bytes(bytes)));
    return element("div", {{"class", "bars"}}, text);
  }

  /// What the backward pass needs of the forward one.
  static std::string kept(shown_pass const& shown) {
    auto const results = shown.tells.used_backward();
    auto const bytes = [&](std::vector<int> const& tensors) {
      long sum = 0;
      for (int t : tensors) sum += shown.p.bytes(t);
      return write_bytes(sum) +
             (tensors.size() == 1 ? " in 1 tensor" : " in " + std::to_string(tensors.size()) + " tensors");
    };
    std::string const text = "Kept in memory for the backward pass: " + bytes(results.kept) +
                             ". Computed again instead: " + (results.again.empty() ? "nothing" : bytes(results.again)) +
                             ".";
    return element("p", {{"class", "kept"}}, escape(text));
  }

  std::string pass_section(std::size_t i) const {
    shown_pass const &shown = passes[i], &plain = unfused_passes[i];
    memory_map const map{shown}, unfused_map{plain};
    bool const trains = shown.p.output_gradient >= 0;
    std::string const memory =
        element("div", {{"class", "memory"}},
                element("figure", {{"class", "map"}, {"aria-label", "memory of " + shown.name}}, map.draw()) +
                    element("output", "Point at a layer, a step or a tensor; click to hold it."));
    auto const moved = [&](network_plan const& of) { return trains ? of.bytes : of.inference_bytes; };
    std::string const compared =
        bars("Arena, per sample", {{"this plan", map.arena()},
                                   {"most alive at once", map.alive_at_once()},
                                   {"without sharing", map.without_sharing()},
                                   {"one pass per layer", unfused_map.arena()},
                                   {"that, without sharing", unfused_map.without_sharing()}}) +
        bars("Moved, per sample", {{"this plan", moved(numbers)}, {"one pass per layer", moved(unfused)}});
    return element("div", {{"class", shown.name}},
                   memory + compared + (trains ? kept(shown) : "") +
                       element("div", {{"class", "plan"}}, steps_drawing{shown}.draw()));
  }

  static std::string choice(char const* name, char const* title, bool chosen) {
    std::string const input = std::string("<input type=\"radio\" name=\"pass\" id=\"see-") + name + "\"" +
                              (chosen ? " checked=\"checked\"" : "") + " />";
    return element("label", input + title);
  }

  std::string draw() const {
    std::string const left = element("h2", "Network") + network_drawing{passes}.draw();
    std::string const right = element("fieldset", {{"class", "view"}},
                                      element("legend", "Plan and memory") + choice("training", "Training", true) +
                                          choice("inference", "Inference", false)) +
                              pass_section(0) + pass_section(1);
    std::string const header =
        element("h1", escape(title)) + element("p", escape("Planned by " + policy + ", sizes of float.")) + figures() +
        element("details", element("summary", "Its type") + element("code", escape(network))) + legend();
    std::string const body =
        element("header", header) +
        element("main", element("section", {{"id", "network"}}, left) + element("section", {{"id", "plan"}}, right)) +
        element("footer", "Counted from the plan, not measured; weights and their gradients are not in the arenas.");
    // Whatever the page says, it may load nothing.
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
           "script-src 'unsafe-inline'\" />\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" "
           "/>\n" +
           element("title", escape(title)) + "\n" + element("style", std::string(page_style)) + "\n</head>\n" +
           element("body", body + "\n" + element("script", std::string(page_script))) + "\n</html>\n";
  }
};

}  // namespace laminate::looking
