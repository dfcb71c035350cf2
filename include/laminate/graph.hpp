// Algorithms on the types of networks.
#pragma once

#include <laminate/graph/count.hpp>
#include <laminate/graph/for_networks.hpp>
#include <laminate/graph/replace.hpp>
