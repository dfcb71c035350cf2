// custom<Layer>: a layer that states its own loops, forward and backward, for one sample.
#pragma once

#include <laminate/describe/image_view.hpp>
#include <laminate/describe/word.hpp>

namespace laminate {

/// What the word of a custom layer states, before its `about`. The loops see one sample, hold no state and are called
/// from several threads at a time:
///   forward(x, y)        writes y from x
///   backward(dy, dx)     writes dx, the gradient at x, from dy, that at y; for layers that are linear, or
///   backward(x, dy, dx)  the same, with the input at hand
/// Each argument is an image_view; what is written is zero before. Like torch.autograd.Function, without parameters:
/// what is learned is added by the layers around it, in a block.
template<class Layer> struct custom_loops {
  using given = image_view<float const, 1>;
  using written = image_view<float, 1>;
  static constexpr bool has_forward = requires(given x, written y) { Layer::forward(x, y); };
  static constexpr bool reads_input = requires(given x, written y) { Layer::backward(x, x, y); };
  static constexpr bool has_backward = reads_input || requires(given x, written y) { Layer::backward(x, y); };

  /// The loops backward, whichever they are.
  static void backward([[maybe_unused]] auto x, auto dy, auto dx) {
    if constexpr (reads_input)
      Layer::backward(x, dy, dx);
    else
      Layer::backward(dy, dx);
  }
};

/// The facts of a custom layer: `static constexpr facts about = custom<ChannelShuffle>(same_shape, wants_an_image);`
template<class Layer> constexpr facts custom(shape_rule output, refusal_rule refuses = accepts_anything) {
  using loops = custom_loops<Layer>;
  facts f{.acts_as = role::custom, .output = output, .refuses = refuses, .gradient_reads_input = loops::reads_input};
  if (!loops::has_forward || !loops::has_backward) f.misuse = problem::a_custom_layer_must_state_forward_and_backward;
  return f;
}

}  // namespace laminate
