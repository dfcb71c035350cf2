// Layers of one's own: their loops, forward and backward, checked against finite differences, then trained.
// ctest:
#include <laminate/laminate.hpp>

#include <cmath>
#include <iostream>

using namespace laminate;

// Neighbouring channels compete: y = x / (2 + 10⁻⁴·s)^¾ with s = Σ x² over up to N channels around. Krizhevsky et al.
// 2012, section 3.3, with their constants but for the numerator of α; torch.nn.LocalResponseNorm divides it by N.
template<int N> struct LocalResponseNorm : word {
  static constexpr double k = 2, alpha = 1e-4, beta = 0.75;

  // The channels that count for channel c.
  static constexpr int first(int c) { return c < N / 2 ? 0 : c - N / 2; }
  static constexpr int last(int c, int channels) { return c + N / 2 < channels ? c + N / 2 : channels - 1; }

  static auto scale(auto x, int c, int i, int j) {
    auto sum = x(c, i, j) * 0;
    for (int d = first(c); d <= last(c, x.channels); ++d) sum += x(d, i, j) * x(d, i, j);
    return sum * alpha + k;
  }

  static void forward(auto x, auto y) {
    for (int c = 0; c < x.channels; ++c)
      for (int i = 0; i < x.height; ++i)
        for (int j = 0; j < x.width; ++j) y(c, i, j) = x(c, i, j) * std::pow(scale(x, c, i, j), -beta);
  }

  // ∂y_d/∂x_c = [c = d]·s_d^−β − 2αβ·x_c·x_d·s_d^(−β−1) where c counts for d, and then d counts for c.
  static void backward(auto x, auto dy, auto dx) {
    for (int d = 0; d < x.channels; ++d)
      for (int i = 0; i < x.height; ++i)
        for (int j = 0; j < x.width; ++j) {
          auto const s = scale(x, d, i, j), power = std::pow(s, -beta);
          dx(d, i, j) += dy(d, i, j) * power;
          auto const shared = -2 * alpha * beta * dy(d, i, j) * x(d, i, j) * power / s;
          for (int c = first(d); c <= last(d, x.channels); ++c) dx(c, i, j) += shared * x(c, i, j);
        }
  }

  static constexpr facts about = custom<LocalResponseNorm>(same_shape, wants_an_image);
};

// R×R squares of pixels become channels, as torch.nn.PixelUnshuffle. It is linear: the way back needs no input, so
// that none is kept for it. Pixels left over at the edges are dropped.
template<int R> struct PixelUnshuffle : word {
  static void forward(auto x, auto y) {
    for (int c = 0; c < y.channels; ++c)
      for (int i = 0; i < y.height; ++i)
        for (int j = 0; j < y.width; ++j) y(c, i, j) = x(c / (R * R), i * R + c / R % R, j * R + c % R);
  }
  static void backward(auto dy, auto dx) {
    for (int c = 0; c < dy.channels; ++c)
      for (int i = 0; i < dy.height; ++i)
        for (int j = 0; j < dy.width; ++j) dx(c / (R * R), i * R + c / R % R, j * R + c % R) = dy(c, i, j);
  }

  static constexpr shape output(facts const&, shape in) { return {in.channels * R * R, in.height / R, in.width / R}; }
  static constexpr problem refuses(facts const& f, shape in) {
    if (!in.is_image()) return wants_an_image(f, in);
    bool const fits = in.height >= R && in.width >= R;
    return fits ? problem::none : problem::the_kernel_is_larger_than_its_padded_input;
  }
  static constexpr facts about = custom<PixelUnshuffle>(output, refuses);
};

using Net = Network<Image<1, 28, 28>, PixelUnshuffle<4>, Conv<3, 16>, ReLU, LocalResponseNorm<5>, Conv<3, 16>, BN, ReLU,
                    GlobalAvgPool, Dense<10>>;

int main() {
  bool right = check_gradients<LocalResponseNorm<5>>(image<7, 3, 2>);
  right = check_gradients<PixelUnshuffle<2>>(image<2, 4, 6>) && right;

  Model<Net> model{1};
  explain<Net>(std::cout);
  split data = generate_shapes(1280, 320, 1);
  auto const scaling = standardise(data.train);
  scaling.apply(data.train), scaling.apply(data.test);
  auto const past = fit(model, data.train, fit_options{.epochs = 3, .optimizer = SGD{.lr = 0.1, .momentum = 0.9}});
  std::cout << "loss " << past.front().train.loss << " → " << past.back().train.loss << ", test accuracy "
            << evaluate(model, data.test).accuracy << '\n';
  return right && past.back().train.loss < past.front().train.loss ? 0 : 1;
}
