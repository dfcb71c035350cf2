// for_networks: one piece of code for several networks.
#pragma once

#include <utility>

namespace laminate {

/// Calls visit.operator()<Net>() for each network in turn:
///   for_networks<Small, Large>([]<class Net>() { std::cout << parameters<Net>() << '\n'; });
template<class... Nets, class Visit> constexpr void for_networks(Visit&& visit) {
  (visit.template operator()<Nets>(), ...);
}

}  // namespace laminate
