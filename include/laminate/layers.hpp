// Every word of the DSL.
#pragma once

#include <laminate/layers/activations/arc_tan.hpp>
#include <laminate/layers/activations/binary_step.hpp>
#include <laminate/layers/activations/elu.hpp>
#include <laminate/layers/activations/gelu.hpp>
#include <laminate/layers/activations/identity.hpp>
#include <laminate/layers/activations/leaky_relu.hpp>
#include <laminate/layers/activations/logistic.hpp>
#include <laminate/layers/activations/prelu.hpp>
#include <laminate/layers/activations/relu.hpp>
#include <laminate/layers/activations/relu6.hpp>
#include <laminate/layers/activations/silu.hpp>
#include <laminate/layers/activations/softplus.hpp>
#include <laminate/layers/activations/tanh.hpp>
#include <laminate/layers/batch_norm.hpp>
#include <laminate/layers/blocks/sequential.hpp>
#include <laminate/layers/conv.hpp>
#include <laminate/layers/dense.hpp>
#include <laminate/layers/dropout.hpp>
#include <laminate/layers/expressions.hpp>
#include <laminate/layers/flatten.hpp>
#include <laminate/layers/input.hpp>
#include <laminate/layers/network.hpp>
#include <laminate/layers/pool.hpp>
#include <laminate/layers/values.hpp>
