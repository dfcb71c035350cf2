// The library's version, as in CMakeLists.txt.
#pragma once

namespace laminate {

inline constexpr char const* version = "0.1.0";

}  // namespace laminate
