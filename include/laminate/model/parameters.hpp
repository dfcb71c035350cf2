#pragma once
#include <laminate/graph/parameters.hpp>
