// Direct convolutions: forward, data gradient, weight gradient; and transposed ones.
#pragma once

#include <laminate/kernels/convolve/data_gradient.hpp>
#include <laminate/kernels/convolve/forward.hpp>
#include <laminate/kernels/convolve/transposed.hpp>
#include <laminate/kernels/convolve/weight_gradient.hpp>
