// The program of a suite of whole networks.
#pragma once

#include <initializer_list>

#include "networks.hpp"

namespace bench {

using network_measurement = std::vector<row> (*)(settings const&);

/// main() of the suite `name`, which measures each of `all`.
int run_networks(int argc, char** argv, char const* name, std::string const& what,
                 std::initializer_list<network_measurement> all);

}  // namespace bench
