// The arena over time: a rectangle for each tensor, from the step that makes it to the last that touches it.
#pragma once

#include <laminate/io/html/shown_pass.hpp>

namespace laminate::looking {

struct memory_map {
  shown_pass const& shown;
  planned_pass const& p = shown.p;
  static constexpr long scalar = sizeof(float);

  long taken(int t) const { return p.lives[t].is_used() ? scalar * aligned(p.lives[t].size) : 0; }
  long arena() const { return scalar * p.arena; }
  long without_sharing() const {
    long sum = 0;
    for (int t = 0; t < shown.tensors(); ++t) sum += taken(t);
    return sum;
  }
  /// The last step in which a tensor has a place of its own: in the next one, its last, a result may take it over.
  int last_alone(int t) const {
    memory::lifetime const& life = p.lives[t];
    for (int y = 0; y < shown.tensors(); ++y)
      if (p.lives[y].first > life.first && p.lives[y].first <= life.last && p.placed[y].offset == p.placed[t].offset)
        return p.lives[y].first - 1;
    return life.last;
  }
  /// What is alive in the fullest step: no placing takes less.
  long alive_at_once() const {
    std::vector<long> alive(static_cast<std::size_t>(shown.steps()));
    for (int t = 0; t < shown.tensors(); ++t)
      if (p.lives[t].is_used())
        for (int s = p.lives[t].first, last = last_alone(t); s <= last; ++s)
          alive[static_cast<std::size_t>(s)] += taken(t);
    long most = 0;
    for (long const bytes : alive) most = std::max(most, bytes);
    return most;
  }

  std::string tell(int t) const {
    int const made = shown.maker(t);
    auto const read = shown.readers(t);
    memory::lifetime const& life = p.lives[t];
    std::string text = shown.tells.tensor_name(t) + " · " + write_shape(p.tensors[t].of) + ", " +
                       write_bytes(p.bytes(t)) + " at " + write_bytes(scalar * p.placed[t].offset) + " · " +
                       (made < 0 ? "from the caller" : "made in step " + std::to_string(made + 1));
    if (!read.empty()) text += ", read in " + shown.list_steps(read);
    if (t == p.output || t == p.input_gradient) text += " · handed to the caller";
    return text + " · in memory from step " + std::to_string(life.first + 1) + " to " + std::to_string(life.last + 1);
  }

  std::string keys(int t) const {
    std::string all;
    if (int const by = p.tensors[t].producer; by >= 0) add_key(all, layer_key(p.operations[by].node));
    for (int s = 0; s < shown.steps(); ++s)
      if (shown.moved[s].reads(t) || shown.writes(s, t)) add_key(all, shown.step_key(s));
    return all;
  }

  /// Both ends are rounded, so that what touches in memory touches on the page.
  static std::string span_of(char const* at, char const* size, long begin, long end, long whole) {
    auto const hundredths = [&](long part) { return part * 10000 / whole; };
    return std::string(at) + ":" + percent(begin, whole) + ";" + size + ":" +
           percent(hundredths(end) - hundredths(begin), 10000);
  }

  std::string tensor(int t) const {
    memory::lifetime const& life = p.lives[t];
    long const begin = scalar * p.placed[t].offset, end = begin + p.bytes(t);
    std::string const style = shown.colour(shown.maker(t)) + ";" +
                              span_of("left", "width", life.first, last_alone(t) + 1, shown.steps()) + ";" +
                              span_of("bottom", "height", begin, end, arena());
    std::string const kind = std::string("tensor") + (shown.is_gradient(t) ? " gradient" : "") +
                             (50 * (end - begin) < arena() ? " thin" : "");
    return element("button",
                   {{"class", kind},
                    {"type", "button"},
                    {"style", style},
                    {"data-key", shown.tensor_key(t)},
                    {"data-with", keys(t)},
                    {"data-tell", tell(t)},
                    {"title", tell(t)}},
                   element("span", escape(shown.tells.tensor_name(t)))) +
           "\n";
  }

  /// A tick of the vertical axis every so many bytes, a power of two, and the whole arena.
  std::string offsets() const {
    long every = 16;
    while (8 * every < arena()) every *= 2;
    std::string text = element("b", {{"style", "bottom:100%"}}, escape(write_bytes(arena())));
    for (long at = 0; at < arena() - every / 2; at += every)
      text += element("span", {{"style", "bottom:" + percent(at, arena())}}, escape(write_bytes(at)));
    return element("div", {{"class", "offsets"}}, text);
  }

  std::string numbers() const {
    int every = 1;
    for (int more : {2, 5, 10, 20, 50, 100, 200, 500})
      if (shown.steps() > 20 * every) every = more;
    std::string text;
    for (int s = 0; s < shown.steps(); ++s)
      if ((s + 1) % every == 0 || s == 0)
        text += element("span", {{"style", "left:" + percent(2 * s + 1, 2 * shown.steps())}}, std::to_string(s + 1));
    return element("div", {{"class", "numbers"}}, text);
  }

  std::string area() const {
    std::string text;
    for (int s = 0; s < shown.steps(); ++s)
      text += element("i",
                      {{"class", "band"},
                       {"data-key", shown.step_key(s)},
                       {"style", span_of("left", "width", s, s + 1, shown.steps())}},
                      "");
    // In the order they are made, as one walks through them with the keyboard.
    for (int s = 0; s < shown.steps(); ++s)
      for (int t = 0; t < shown.tensors(); ++t)
        if (p.lives[t].is_used() && p.lives[t].first == s) text += tensor(t);
    if (p.output_gradient >= 0)
      text += element("i", {{"class", "boundary"}, {"style", "left:" + percent(p.forward_steps, shown.steps())}},
                      element("span", "forward") + element("span", "backward"));
    return element("div", {{"class", "area"}, {"data-list", "tensors"}}, text);
  }

  std::string draw() const {
    std::string const plot = offsets() + area() + numbers();
    std::string const wide = "--steps:" + std::to_string(shown.steps());
    return element("div", {{"class", "scroll"}}, element("div", {{"class", "plot"}, {"style", wide}}, plot)) +
           element("p", {{"class", "axes"}}, "↑ offset in the arena, bytes per sample &#160; → steps");
  }
};

}  // namespace laminate::looking
