// Data sets: reading, making, scaling, augmenting and batching them.
#pragma once

#include <laminate/data/augment.hpp>
#include <laminate/data/batches.hpp>
#include <laminate/data/cifar.hpp>
#include <laminate/data/dataset.hpp>
#include <laminate/data/fashion_mnist.hpp>
#include <laminate/data/idx.hpp>
#include <laminate/data/scaling.hpp>
#include <laminate/data/synthetic.hpp>
