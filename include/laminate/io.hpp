// Models in files, and networks as text and pictures.
#pragma once

#include <laminate/expression/text.hpp>
#include <laminate/io/atomic_file.hpp>
#include <laminate/io/check_gradients.hpp>
#include <laminate/io/checkpoint.hpp>
#include <laminate/io/dot.hpp>
#include <laminate/io/explain.hpp>
#include <laminate/io/freeze.hpp>
#include <laminate/io/gradient_check.hpp>
#include <laminate/io/html.hpp>
#include <laminate/io/key_map.hpp>
#include <laminate/io/npy.hpp>
#include <laminate/io/safetensors.hpp>
#include <laminate/io/summary.hpp>
