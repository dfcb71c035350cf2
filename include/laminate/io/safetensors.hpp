// Reads and writes safetensors files, the format of named tensors that runs no code.
#pragma once

#include <laminate/io/safetensors/read.hpp>
#include <laminate/io/safetensors/stored_tensor.hpp>
#include <laminate/io/safetensors/write.hpp>
