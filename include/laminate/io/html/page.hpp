// The page as a whole: figures, how to read it, the network beside its plan and memory.
#pragma once

#include <laminate/io/html/frame.hpp>
#include <laminate/io/html/memory_map.hpp>
#include <laminate/io/html/network.hpp>
#include <laminate/io/html/script.hpp>
#include <laminate/io/html/steps.hpp>
#include <laminate/io/html/style.hpp>

namespace laminate::looking {

struct page {
  std::string title, network, policy;
  network_plan const &numbers, &unfused;
  shown_passes passes, unfused_passes;  ///< training, inference

  static std::string figure(std::string_view name, std::string_view value, std::string_view more) {
    return join({"<div><dt>", name, "</dt><dd>", value, " <small>", more, "</small></dd></div>"});
  }

  std::string figures() const {
    std::string const forward = std::to_string(numbers.forward_steps),
                      backward = std::to_string(numbers.steps - numbers.forward_steps);
    auto const against = [](long bytes) { return join({"per sample; one pass per layer: ", write_bytes(bytes)}); };
    auto const arena = [](network_plan const& of) { return of.arena * static_cast<long>(sizeof(float)); };
    return element("dl", {{"class", "figures"}},
                   join({figure("Parameters", write_count(numbers.parameters), ""),
                         figure("Multiply-adds", write_count(numbers.flops / 2), "per sample, forward"),
                         figure("Depth", std::to_string(numbers.depth), "layers with weights"),
                         figure("Steps of training", std::to_string(numbers.steps),
                                join({forward, " forward, ", backward, " backward"})),
                         figure("Steps of inference", std::to_string(numbers.inference_steps), ""),
                         figure("Moved by a training step", write_bytes(numbers.bytes), against(unfused.bytes)),
                         figure("Arena of training", write_bytes(arena(numbers)), against(arena(unfused)))}));
  }

  struct compared {
    char const* name;
    long bytes;
  };
  /// The first of them stands out.
  static std::string bars(std::string_view title, std::initializer_list<compared> rows) {
    long most = 1;
    for (auto const& row : rows) most = std::max(most, row.bytes);
    std::string text = element("b", title);
    for (auto const& [name, bytes] : rows)
      text += join({"<span>", name, "</span><i class=\"", &rows.begin()->bytes == &bytes ? "this" : "that",
                    "\" style=\"width:", percent(bytes, most), "\"></i><span>", write_bytes(bytes), "</span>"});
    return element("div", {{"class", "bars"}}, text);
  }

  /// What the backward pass needs of the forward one.
  static std::string kept(shown_pass const& shown) {
    auto const results = shown.tells.used_backward();
    auto const bytes = [&](std::vector<int> const& tensors) {
      long sum = 0;
      for (int t : tensors) sum += shown.p.bytes(t);
      return join(
          {write_bytes(sum), " in ", std::to_string(tensors.size()), tensors.size() == 1 ? " tensor" : " tensors"});
    };
    return element("p", {{"class", "kept"}},
                   join({"Kept in memory for the backward pass: ", bytes(results.kept),
                         ". Computed again instead: ", results.again.empty() ? "nothing" : bytes(results.again), "."}));
  }

  std::string pass_section(std::size_t i) const {
    shown_pass const &shown = passes[i], &plain = unfused_passes[i];
    memory_map const map{shown}, unfused_map{plain};
    bool const trains = shown.p.output_gradient >= 0;
    std::string const figure =
        element("figure", {{"class", "map"}, {"aria-label", "memory of " + shown.name}}, map.draw());
    std::string const hint = element("output", "Point at a layer, a step or a tensor; click to hold it.");
    auto const moved = [&](network_plan const& of) { return trains ? of.bytes : of.inference_bytes; };
    std::string const arenas = bars("Arena, per sample", {{"this plan", map.arena()},
                                                          {"most alive at once", map.alive_at_once()},
                                                          {"without sharing", map.without_sharing()},
                                                          {"one pass per layer", unfused_map.arena()},
                                                          {"that, without sharing", unfused_map.without_sharing()}});
    std::string const traffic =
        bars("Moved, per sample", {{"this plan", moved(numbers)}, {"one pass per layer", moved(unfused)}});
    return element("div", {{"class", shown.name}},
                   join({element("div", {{"class", "memory"}}, figure + hint), arenas, traffic,
                         trains ? kept(shown) : "", element("div", {{"class", "plan"}}, steps_drawing{shown}.draw())}));
  }

  std::string draw() const {
    std::string const left = network_drawing{passes}.draw(), training = pass_section(0), inference = pass_section(1);
    std::string const name = escape(title);
    return join({page_head,
                 "<title>",
                 name,
                 "</title>\n<style>",
                 page_style,
                 "</style>\n</head>\n<body>\n<header><h1>",
                 name,
                 "</h1><p>Planned by ",
                 escape(policy),
                 ", sizes of float.</p>",
                 figures(),
                 "<details><summary>Its type</summary><code>",
                 escape(network),
                 "</code></details>",
                 page_legend,
                 "</header>\n<main><section id=\"network\"><h2>Network</h2>",
                 left,
                 "</section>\n<section id=\"plan\">",
                 page_choice,
                 training,
                 inference,
                 "</section></main>\n",
                 page_foot,
                 "<script>",
                 page_script,
                 "</script>\n</body>\n</html>\n"});
  }
};

}  // namespace laminate::looking
