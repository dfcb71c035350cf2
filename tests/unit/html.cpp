// to_html: what the page says, that it is well-formed, and that its rectangles lie where the tensors do.
#include <laminate/io/html.hpp>
#include <laminate/layers.hpp>

#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "scratch_folder.hpp"

using namespace laminate;

namespace {

using Blocks = Network<Image<1, 12, 12>, Conv<3, 16>, BN, ReLU, Residual<Shortcut<Conv<1, 32>, BN>, Conv<3, 32>, BN>,
                       ReLU, Concat<Conv<1, 8>, Sequential<Conv<3, 8>, Tanh>>,
                       Scale<GlobalAvgPool, Dense<16>, Logistic>, GlobalAvgPool, Dropout<0.3>, Dense<3>>;
using Large = Network<Image<3, 128, 128>, Conv<3, 16>, BN, ReLU, Conv<3, 16>, BN, ReLU, GlobalAvgPool, Dense<10>>;

/// An element without what is in it.
struct tag {
  std::string name{}, text{};
  std::map<std::string, std::string> attributes{};
  int depth = 0;
};

std::string unescaped(std::string text) {
  for (auto const& [from, to] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}})
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; ++at)
      text.replace(at, std::string(from).size(), to);
  return text;
}

/// Reads a page as strictly as XML: every element closed in its order, every attribute quoted and given once.
std::vector<tag> read_page(std::string const& page) {
  static std::regex const attribute(R"re(\s+([a-zA-Z-]+)="([^"<>]*)")re");
  std::vector<tag> all;
  std::vector<std::string> open;
  std::size_t at = page.find("<html");
  REQUIRE(page.starts_with("<!DOCTYPE html>"));
  while ((at = page.find('<', at)) != page.npos) {
    std::size_t const end = page.find('>', at);
    REQUIRE(end != page.npos);
    std::string inside = page.substr(at + 1, end - at - 1);
    at = end + 1;
    INFO(inside);
    if (inside[0] == '/') {
      REQUIRE(!open.empty());
      REQUIRE(open.back() == inside.substr(1));
      open.pop_back();
      continue;
    }
    bool const closed = inside.ends_with(" /");
    if (closed) inside.resize(inside.size() - 2);
    std::size_t const space = inside.find_first_of(" \n");
    tag t{inside.substr(0, space), page.substr(at, page.find('<', at) - at), {}, static_cast<int>(open.size())};
    std::string rest = space == inside.npos ? "" : inside.substr(space);
    for (std::smatch m; std::regex_search(rest, m, attribute, std::regex_constants::match_continuous);
         rest = m.suffix())
      REQUIRE(t.attributes.emplace(m[1], unescaped(m[2])).second);
    REQUIRE(rest.empty());
    if (!closed) open.push_back(t.name);
    // What they hold is no HTML.
    if (t.name == "style" || t.name == "script") at = page.find("</" + t.name + ">", at);
    t.text = unescaped(t.text);
    all.push_back(std::move(t));
  }
  CHECK(open.empty());
  return all;
}

bool has_class(tag const& t, std::string const& name) {
  auto const found = t.attributes.find("class");
  return found != t.attributes.end() && (" " + found->second + " ").find(" " + name + " ") != std::string::npos;
}
bool contains(std::string const& text, std::string const& part) { return text.find(part) != text.npos; }

/// The parts of a page by their keys.
std::map<std::string, tag> parts_of(std::vector<tag> const& page) {
  std::map<std::string, tag> parts;
  for (tag const& t : page)
    if (t.attributes.count("data-tell")) {
      INFO(t.attributes.at("data-key"));
      CHECK(parts.emplace(t.attributes.at("data-key"), t).second);
    }
  return parts;
}

template<class Net, class Policy, pass Pass> int used_tensors() {
  int count = 0;
  for (memory::lifetime const& l : planned<Net, Policy, Pass>.lives) count += l.is_used();
  return count;
}

double number_after(std::string const& style, std::string const& name) {
  std::size_t const at = style.find(";" + name + ":");
  REQUIRE(at != style.npos);
  return std::stod(style.substr(at + name.size() + 2));
}

/// Every tensor's rectangle against the plan, in percent.
template<class Net, class Policy, pass Pass> void check_rectangles(std::map<std::string, tag> const& parts) {
  planned_pass const& p = planned<Net, Policy, Pass>;
  for (int t = 0; t < static_cast<int>(p.tensors.size()); ++t) {
    auto const found = parts.find((Pass == pass::training ? "t-t" : "i-t") + std::to_string(t));
    CHECK((found != parts.end()) == p.lives[t].is_used());
    if (found == parts.end()) continue;
    INFO(found->second.attributes.at("data-tell"));
    std::string const& style = found->second.attributes.at("style");
    double const step = 100.0 / static_cast<double>(p.steps.size()), scalar = 100.0 / static_cast<double>(p.arena);
    CHECK(number_after(style, "left") == Approx(step * p.lives[t].first).margin(0.011));
    CHECK(number_after(style, "width") == Approx(step * (p.lives[t].last + 1 - p.lives[t].first)).margin(0.011));
    CHECK(number_after(style, "bottom") == Approx(scalar * p.placed[t].offset).margin(0.011));
    CHECK(number_after(style, "height") == Approx(scalar * p.placed[t].stride).margin(0.011));
  }
}

}  // namespace

TEST_CASE("a page has every layer, step and tensor once, and what belongs together knows each other") {
  auto const page = read_page(to_html<Blocks>());
  auto const parts = parts_of(page);
  std::size_t const steps = planned<Blocks, Fused, pass::training>.steps.size() + plan<Blocks>.inference_steps;
  std::size_t const tensors =
      used_tensors<Blocks, Fused, pass::training>() + used_tensors<Blocks, Fused, pass::inference>();
  CHECK(parts.size() == graph_of<Blocks>.size + steps + tensors);
  for (auto const& [key, part] : parts) {
    if (!part.attributes.count("data-with")) continue;
    std::istringstream keys(part.attributes.at("data-with"));
    for (std::string other; keys >> other;) {
      INFO(key << " with " << other);
      REQUIRE(parts.count(other) == 1);
      CHECK(contains(" " + parts.at(other).attributes.at("data-with") + " ", " " + key + " "));
    }
  }
  // What else has a key has one of these.
  for (tag const& t : page)
    if (auto const found = t.attributes.find("data-key"); found != t.attributes.end()) {
      INFO(found->second);
      CHECK(parts.count(found->second) == 1);
    }
}

TEST_CASE("a page lists layers as summary does, in boxes of their blocks") {
  auto const page = read_page(to_html<Blocks>());
  auto const rows = looking::list_layers<Blocks>();
  std::size_t row = 0;
  int first_depth = 0;
  std::map<std::string, int> boxes;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (has_class(page[i], "block")) ++boxes[page[i + 1].text];
    if (!has_class(page[i], "row")) continue;
    std::set<std::string> said;
    for (std::size_t k = i + 1; k < page.size() && page[k].depth > page[i].depth; ++k) said.insert(page[k].text);
    ++row;
    for (auto const& cell : rows[row]) CHECK((cell.empty() || said.count(cell) == 1));
    if (row == 1) first_depth = page[i].depth;
    CHECK(page[i].depth >= first_depth);
    if (rows[row][0] == "3.body.0") CHECK(page[i].depth == first_depth + 2);
    if (rows[row][0] == "3") CHECK(page[i].depth == first_depth + 1);
    if (rows[row][0] == "5.branches.1.0.1") CHECK(page[i].depth == first_depth + 3);
  }
  CHECK(row == rows.size() - 1);
  CHECK(boxes == std::map<std::string, int>{{"Residual ", 1},
                                            {"body ", 1},
                                            {"shortcut ", 1},
                                            {"Concat ", 1},
                                            {"branch ", 2},
                                            {"Sequential ", 1},
                                            {"Scale ", 1}});
}

TEST_CASE("layers of one step have one colour, and so have the step and its tensors") {
  auto const page = read_page(to_html<Blocks>());
  auto const parts = parts_of(page);
  planned_pass const& p = planned<Blocks, Fused, pass::training>;
  std::vector<std::string> bars;
  for (tag const& t : page)
    if (has_class(t, "bar") && has_class(t, "training")) bars.push_back(t.attributes.at("style"));
  REQUIRE(bars.size() == p.nodes.size());
  for (std::size_t a = 1; a < bars.size(); ++a)
    for (std::size_t b = 1; b < a; ++b)
      CHECK((bars[a] == bars[b]) == (step_of(p, static_cast<int>(a)) == step_of(p, static_cast<int>(b))));
  for (std::size_t n = 1; n < bars.size(); ++n) {
    int const s = step_of(p, static_cast<int>(n));
    if (s >= 0) CHECK(parts.at("t-s" + std::to_string(s + 1)).attributes.at("style") == bars[n]);
  }
}

TEST_CASE("rectangles of the memory map lie where and when their tensors do") {
  auto const fused = parts_of(read_page(to_html<Blocks>()));
  check_rectangles<Blocks, Fused, pass::training>(fused);
  check_rectangles<Blocks, Fused, pass::inference>(fused);
  check_rectangles<Large, Unfused, pass::training>(parts_of(read_page(to_html<Large, Unfused>())));
}

TEST_CASE("a page tells what shares a step, why something does not, and what it costs") {
  std::string const page = to_html<Large>();
  CHECK(contains(to_html<Blocks>(), "while loading"));
  CHECK(contains(page, "while storing"));
  CHECK(contains(page, "its input comes from the caller"));
  CHECK(contains(page, "a sample of 1 MiB would not stay in the cache"));
  CHECK(contains(page, "by Winograd&lt;6&gt;, reckoned at "));
  CHECK(contains(page, looking::write_bytes(plan<Large>.bytes)));
  CHECK(contains(page, looking::write_bytes(plan<Large, Unfused>.bytes)));
  long apart = 0;
  for (memory::lifetime const& l : planned<Large, Fused, pass::training>.lives)
    if (l.is_used()) apart += 4L * ((l.size + 15) / 16 * 16);
  std::string const without = page.substr(page.find("<span>without sharing</span>") + 10);
  CHECK(without.substr(without.find("<span>") + 6).starts_with(looking::write_bytes(apart) + "</span>"));
  CHECK(contains(to_html<Large, Unfused>(), "with its layer"));
}

TEST_CASE("text on a page is escaped, and nothing is loaded") {
  std::string const page = to_html<Blocks>("<b>A & \"B\"</b>");
  CHECK(contains(page, "<h1>&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;</h1>"));
  CHECK(contains(page, "FusedBy&lt;Auto&gt;"));
  for (char const* loads : {"http:", "https:", "src=", "url(", "@import", "<link", "<img", "fetch("}) {
    INFO(loads);
    CHECK_FALSE(contains(page, loads));
  }
}

TEST_CASE("save_html writes the page whole, or says which file it cannot write") {
  tests::scratch_folder const folder;
  auto const file = folder.path / "net.html";
  save_html<Large>(file, "Large");
  CHECK(tests::content_of(file) == to_html<Large>("Large"));
  CHECK_THROWS_WITH(save_html<Large>(folder.path / "none" / "net.html"),
                    Catch::Contains("net.html: cannot be written"));
}
