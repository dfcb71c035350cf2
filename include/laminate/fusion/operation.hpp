// A network's forward and backward pass as one list of operations on tensors, before anything is fused.
#pragma once

#include <array>
#include <laminate/describe/layout.hpp>
#include <laminate/fusion/work.hpp>
#include <laminate/support/lists.hpp>

namespace laminate {

/// What is planned: inference on the parameters as they are, training, or inference on a copy of the weights into which
/// normalisations are folded.
enum class pass : unsigned char { inference, training, folded };

}  // namespace laminate

namespace laminate::fusion {

/// What of the forward pass is in memory when the backward pass wants it: every result; what is dear to compute again;
/// or checkpoints alone, between which kernels run again as well.
enum class keeping : unsigned char { all, dear, checkpoints };

/// One operation. Tensors are named by index; `node` is the graph's node whose parameters and sizes it uses.
struct operation {
  work does = work::nothing;
  short node = 0;
  short inputs[3]{-1, -1, -1};  ///< from the front: what follows a −1 is −1
  short output = -1;
  short part = 0;         ///< of a concatenation: which input's gradient
  bool lazy = false;      ///< pointwise, best computed where it is consumed
  bool optional = false;  ///< its output is only the gradient at the network's input
  bool again = false;     ///< of the forward pass, done again in the backward pass

  constexpr bool reads(int tensor) const { return inputs[0] == tensor || inputs[1] == tensor || inputs[2] == tensor; }
};

/// One tensor of a batch. `kept` ones live in the arena from their making to their last use.
struct tensor {
  shape of{};
  layout lies = layout::blocked;
  short producer = -1;  ///< operation; −1: given from outside
  bool kept = true;
  bool returns = true;  ///< false: kept for the forward pass only, the backward pass computes it again

  constexpr bool is_kept_for_backward() const { return kept && returns; }
};

/// One tensor as the run-time sees it.
struct tensor_plan {
  shape of{};
  layout lies = layout::blocked;
  int stride = 0;     ///< scalars from one sample to the next
  int offset = 0;     ///< scalars per sample of capacity before it
  bool near = false;  ///< in a core's own memory, for the samples of a chain that go together; not in the arena
};

/// The operations of one pass, in an order in which they can run.
template<int Operations, int Tensors, template<class, int> class List = bounded_list> struct expansion {
  List<operation, Operations> operations{};
  List<tensor, Tensors> tensors{};
  int input = 0;             ///< tensor given by the caller
  int output = 0;            ///< the network's result
  int forward_end = 0;       ///< operations before this one make up the forward pass
  int output_gradient = -1;  ///< given by the caller to the backward pass
  int input_gradient = -1;   ///< its result
};

}  // namespace laminate::fusion
