// What a running step works on: the arena, the parameters, the numbers per channel, and each thread's own memory.
#pragma once

#include <array>
#include <cstdint>
#include <laminate/fusion/step.hpp>
#include <laminate/graph/node.hpp>
#include <laminate/support/parallel.hpp>
#include <span>

namespace laminate::kernels {

/// The memory that belongs to one node of the graph; null where it has none. Layouts are the kernels' own.
template<class T> struct node_memory {
  T* weight = nullptr;
  T* weight_gradient = nullptr;
  T* transposed = nullptr;              ///< the weights as the data gradient reads them
  T* tile_weight = nullptr;             ///< those of the forward kernel in Winograd's domain, where it reads them so
  T* transposed_tile_weight = nullptr;  ///< those of the data gradient
  T* bias_gradient = nullptr;
  T* scale = nullptr;  ///< of a normalisation
  T* scale_gradient = nullptr;
  T* shift = nullptr;
  T* shift_gradient = nullptr;
  T* running_mean = nullptr;
  T* running_var = nullptr;
  T* slope = nullptr;
  T* slope_gradient = nullptr;  ///< of an activation's learned parameter
  long weights = 0;
  std::array<T*, fusion::channel_vectors> vectors{};

  T*& operator[](fusion::channel_vector v) { return vectors[static_cast<int>(v)]; }
  T* operator[](fusion::channel_vector v) const { return vectors[static_cast<int>(v)]; }
};

/// Everything a step needs beside its own constants.
template<class T> struct run_state {
  int batch = 0;
  int capacity = 0;
  int threads = 1;
  loop_runner run_loop = run_alone;  ///< for several threads another one
  bool wants_input_gradient = false;
  std::uint64_t dropout_key = 0;
  std::span<graph_node const> nodes;
  std::span<node_memory<T>> memory;
  std::span<fusion::tensor_plan const> tensors;
  T* arena = nullptr;
  T* scratch = nullptr;  ///< threads × scratch_size
  long scratch_size = 0;
  long near = 0;      ///< where in a thread's scratch the memory between the steps of a chain begins
  T* sums = nullptr;  ///< [reduction][unit][3][channels]
  long sums_size = 0;
  T* weight_parts = nullptr;  ///< [part][weights]
  long weight_part_size = 0;

  T* tensor(int t, int sample) const {
    fusion::tensor_plan const& of = tensors[t];
    return arena + static_cast<long>(of.offset) * capacity + static_cast<long>(sample) * of.stride;
  }
};

/// A batch's gradient of weights is summed in this many parts, whatever the number of threads.
inline constexpr int weight_gradient_parts = 8;

/// Other work goes to threads in this many runs of consecutive samples.
inline constexpr int parts_of_a_pass = 16;

}  // namespace laminate::kernels
