// Everything Laminate has: declare a network as a type, run it, train it, look at it, save it.
#pragma once

#include <laminate/data/fashion_mnist.hpp>
#include <laminate/data/scaling.hpp>
#include <laminate/data/synthetic.hpp>
#include <laminate/layers/words.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>
