// Where a training run stands, besides the model's parameters: all that is needed to continue it exactly.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace laminate {

/// One of an optimiser's buffers; its values are ordered as `model.parameters()`.
template<class T> struct named_buffer {
  std::string name;
  std::vector<T> values;

  bool operator==(named_buffer const&) const = default;
};

/// `fit` leaves it up to date after every epoch, and continues from it; `save_checkpoint` keeps it in a file
/// with the parameters. T is the model's scalar. A new one stands at the beginning.
template<class T> struct training_state {
  using scalar = T;

  int epoch = 0;             ///< epochs done
  std::uint64_t step = 0;    ///< optimiser steps done
  std::uint64_t seed = 0;    ///< of order and augmentation
  std::uint64_t random = 0;  ///< the model's random numbers (dropout)
  std::string optimizer;     ///< name of the rule the buffers belong to
  std::vector<named_buffer<T>> buffers;

  bool operator==(training_state const&) const = default;
};

}  // namespace laminate
