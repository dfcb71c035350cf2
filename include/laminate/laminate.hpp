// Everything Laminate has: declare a network as a type, run it, train it, look at it, save it.
#pragma once

#include <laminate/data.hpp>
#include <laminate/graph.hpp>
#include <laminate/io.hpp>
#include <laminate/layers.hpp>
#include <laminate/model.hpp>
#include <laminate/train.hpp>
#include <laminate/train/loss/check_loss.hpp>
#include <laminate/zoo.hpp>
