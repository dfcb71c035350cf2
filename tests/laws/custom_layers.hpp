// Layers that state their own loops.
#pragma once

#include <laminate/layers.hpp>

namespace laws {

using namespace laminate;

/// Each channel times the next one: reads its input in the backward pass, and writes each gradient twice.
struct Paired : word {
  static void forward(auto x, auto y) {
    at_all(x, [&](int c, int d, int i, int j) { y(c, i, j) = x(c, i, j) * x(d, i, j); });
  }
  static void backward(auto x, auto dy, auto dx) {
    at_all(x, [&](int c, int d, int i, int j) {
      dx(c, i, j) += dy(c, i, j) * x(d, i, j);
      dx(d, i, j) += dy(c, i, j) * x(c, i, j);
    });
  }
  static void at_all(auto x, auto at) {
    for (int c = 0; c < x.channels; ++c)
      for (int i = 0; i < x.height; ++i)
        for (int j = 0; j < x.width; ++j) at(c, (c + 1) % x.channels, i, j);
  }
  static constexpr facts about = custom<Paired>(same_shape);
};

/// Rows become columns: of another shape, and linear.
struct Turned : word {
  static void turn(auto x, auto y) {
    for (int c = 0; c < x.channels; ++c)
      for (int i = 0; i < x.height; ++i)
        for (int j = 0; j < x.width; ++j) y(c, j, i) = x(c, i, j);
  }
  static void forward(auto x, auto y) { turn(x, y); }
  static void backward(auto dy, auto dx) { turn(dy, dx); }
  static constexpr facts about = custom<Turned>(
      [](facts const&, shape in) {
        return shape{in.channels, in.width, in.height};
      },
      wants_an_image);
};

}  // namespace laws
