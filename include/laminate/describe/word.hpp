// What makes a type a word of the DSL: it derives from `word` and states its facts.
#pragma once

#include <concepts>
#include <laminate/describe/facts.hpp>

namespace laminate {

/// Base of every layer and block. A leaf states `static constexpr facts about`; a block states its leaves.
struct word {};

template<class W>
concept Word = std::derived_from<W, word>;

template<class W>
concept Leaf = Word<W> && requires {
  { W::about } -> std::convertible_to<facts>;
};

}  // namespace laminate
