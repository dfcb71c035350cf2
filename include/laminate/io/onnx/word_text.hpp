// Words of a declaration as a tree: what repeats itself becomes a Repeat, and all of it text within 110 columns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

/// A word with what stands between its angle brackets.
struct word_text {
  std::string name;
  std::vector<word_text> inside{};

  bool operator==(word_text const&) const = default;
};

namespace detail {

/// How often the words from `at` on stand there, in groups of `period`.
inline std::size_t times(std::vector<word_text> const& words, std::size_t at, std::size_t period) {
  std::size_t end = at + period;
  while (end < words.size() && words[end] == words[end - period]) ++end;
  return end > words.size() ? 0 : (end - at) / period;
}

/// Words that repeat themselves, as a Repeat: names count on as if it were not there.
inline std::vector<word_text> repeated(std::vector<word_text> words) {
  auto const begins_a_block = [&](std::size_t i) { return i < words.size() && words[i].name == "Residual"; };
  std::vector<word_text> shorter;
  for (std::size_t at = 0; at < words.size();) {
    std::size_t best = 1, saved = 0;  // a period, and how many words it saves
    for (std::size_t period = 1; period <= std::min<std::size_t>(16, (words.size() - at) / 2); ++period)
      if (std::size_t const count = times(words, at, period); count > 1 && (count - 1) * period > saved)
        best = period, saved = (count - 1) * period;
    // Of Residual, ReLU, Residual, ReLU, … the first ReLU is what comes before.
    bool const later = !begins_a_block(at) && begins_a_block(at + 1) && times(words, at + 1, best) * best > saved;
    if (saved == 0 || later) {
      shorter.push_back(std::move(words[at++]));
      continue;
    }
    std::size_t const count = saved / best + 1;
    word_text made{"Repeat", {{std::to_string(count)}}};
    for (std::size_t i = 0; i < best; ++i) made.inside.push_back(words[at + i]);
    shorter.push_back(std::move(made));
    at += count * best;
  }
  return shorter;
}

inline std::string flat(word_text const& word) {
  std::string text = word.name;
  for (std::size_t i = 0; i < word.inside.size(); ++i) text += (i ? ", " : "<") + flat(word.inside[i]);
  return text + (word.inside.empty() ? "" : ">");
}

/// What follows the word on its last line counts as `after` columns.
inline std::string written(word_text const& word, std::size_t indent, std::size_t after) {
  constexpr std::size_t width = 110;
  std::string const whole = flat(word);
  if (indent + whole.size() + after <= width) return whole;
  // Broken after the name; as many of the words inside as fit go on a line.
  std::size_t const inner = indent + 4;
  std::string text = word.name + "<\n" + std::string(inner, ' ');
  std::size_t column = inner;
  for (std::size_t i = 0; i < word.inside.size(); ++i) {
    bool const last = i + 1 == word.inside.size();
    std::size_t const needed = flat(word.inside[i]).size() + (last ? 1 + after : 1);
    if (column > inner && column + 1 + needed > width) text += "\n" + std::string(inner, ' '), column = inner;
    if (column > inner) text += ' ', ++column;
    std::string const next = written(word.inside[i], inner, last ? 1 + after : 1);
    text += next + (last ? ">" : ",");
    auto const line = next.rfind('\n');
    column = line == next.npos ? column + next.size() + 1 : width;  // after a word of several lines a new one begins
  }
  return text;
}

}  // namespace detail

}  // namespace laminate
