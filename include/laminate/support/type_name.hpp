// A type as its compiler spells it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace laminate {

/// "Network<Image<1, 28, 28>, Flatten, Dense<10> >": without namespaces of the library, with aliases
/// resolved.
template<class W> std::string full_type_name() {
  std::string_view const text = __PRETTY_FUNCTION__;
  std::size_t const first = text.find("W = ") + 4;
  // g++: "… [with W = Name; std::string = …]", clang: "… [W = Name]"
  std::string name(text.substr(first, std::min(text.find("; std::string", first), text.rfind(']')) - first));
  for (std::size_t at; (at = name.find("laminate::")) != name.npos;) name.erase(at, 10);
  return name;
}

}  // namespace laminate
