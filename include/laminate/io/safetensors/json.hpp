// JSON by jansson: compiled, so that its parser is not a part of every program's headers.
#pragma once

#include <jansson.h>
#include <memory>
#include <string>

namespace laminate {

struct json_release {
  void operator()(json_t* value) const { json_decref(value); }
};
using json_owner = std::unique_ptr<json_t, json_release>;

/// The text of a value; empty where it cannot be written.
inline std::string text_of(json_t const* value) {
  std::string text(json_dumpb(value, nullptr, 0, JSON_COMPACT | JSON_ENCODE_ANY), '\0');
  json_dumpb(value, text.data(), text.size(), JSON_COMPACT | JSON_ENCODE_ANY);
  return text;
}

}  // namespace laminate
