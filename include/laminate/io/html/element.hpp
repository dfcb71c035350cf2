// Elements of an HTML page as text, escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace laminate::looking {

inline std::string escape(std::string_view text) {
  std::string safe;
  for (char c : text) switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += c;
    }
  return safe;
}

struct attribute {
  std::string_view name, value;
};

/// `content` is HTML, the values of attributes are text; an empty one leaves its attribute out.
inline std::string element(std::string_view name, std::initializer_list<attribute> attributes,
                           std::string_view content) {
  std::string text;
  text.append("<").append(name);
  for (attribute const& a : attributes)
    if (!a.value.empty()) text.append(" ").append(a.name).append("=\"").append(escape(a.value)).append("\"");
  return text.append(">").append(content).append("</").append(name).append(">");
}
inline std::string element(std::string_view name, std::string_view content) { return element(name, {}, content); }

/// Texts one after the other: one call, where a sum is one, and a string, for each of them.
inline std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (std::string_view part : parts) text.append(part);
  return text;
}

/// A length as a part of another, in hundredths of a percent: "12.5%" is "12.50%".
inline std::string percent(long part, long whole) {
  long const hundredths = whole > 0 ? part * 10000 / whole : 0;
  std::string const fraction = std::to_string(hundredths % 100);
  return join({std::to_string(hundredths / 100), fraction.size() < 2 ? ".0" : ".", fraction, "%"});
}

}  // namespace laminate::looking
