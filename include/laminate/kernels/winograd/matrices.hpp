// The matrices of Winograd's minimal filtering F(m, r), from the points they are made of.
#pragma once

#include <array>
#include <laminate/describe/algorithm.hpp>

namespace laminate::kernels {

/// y = Aᵀ[(G w) ⊙ (Bᵀ x)] gives m outputs of an r-tap filter w from m + r − 1 inputs x; in two dimensions each matrix
/// is applied to columns and rows. The weights' gradient of the same tile is Gᵀ[(A dy) ⊙ (Bᵀ x)].
template<std::size_t Rows, std::size_t Columns> using matrix = std::array<std::array<double, Columns>, Rows>;

/// Where the polynomials of a filter and of inputs are multiplied, beside infinity; opposite ones are neighbours, whose
/// rows share what they add.
inline constexpr std::array<double, largest_tile - 1> points{0, 1, -1, 2, -2, 0.5, -0.5};

/// By Toom and Cook: a product of polynomials from its values at points a_p (Lavin & Gray 2015, arXiv:1509.09308,
/// section 4; Barabasz et al. 2018, arXiv:1803.10986, section 2). With M_p(x) = Π_{q≠p} (x − a_q), Aᵀ has the column
/// a_p^i, G the row a_p^j / M_p(a_p) and Bᵀ the coefficients of M_p; at infinity, the highest power and all of Π (x −
/// a_q).
template<minimal_filtering F> struct winograd {
  static constexpr int side = F.side(), infinity = side - 1;
  static_assert(side <= largest_tile);

  static constexpr matrix<side, side> input = [] {
    matrix<side, side> all{};
    for (int p = 0; p < side; ++p) {
      all[p][0] = 1;
      for (int q = 0; q < infinity; ++q)
        for (int power = side - 1; power >= 0 && q != p; --power)
          all[p][power] = (power > 0 ? all[p][power - 1] : 0) - points[q] * all[p][power];
    }
    return all;
  }();
  static constexpr matrix<side, F.taps> weight = [] {
    matrix<side, F.taps> all{};
    all[infinity][F.taps - 1] = 1;
    for (int p = 0; p < infinity; ++p) {
      double value = 0;
      for (int power = side - 1; power >= 0; --power) value = value * points[p] + input[p][power];
      for (int j = 0; j < F.taps; ++j) all[p][j] = (j == 0 ? 1 : all[p][j - 1] * points[p]);
      for (double& g : all[p]) g /= value;
    }
    return all;
  }();
  static constexpr matrix<F.outputs, side> output = [] {
    matrix<F.outputs, side> all{};
    all[F.outputs - 1][infinity] = 1;
    for (int p = 0; p < infinity; ++p)
      for (int i = 0; i < F.outputs; ++i) all[i][p] = (i == 0 ? 1 : all[i - 1][p] * points[p]);
    return all;
  }();
};

template<std::size_t Rows, std::size_t Columns>
constexpr matrix<Columns, Rows> transposed(matrix<Rows, Columns> const& from) {
  matrix<Columns, Rows> to{};
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t c = 0; c < Columns; ++c) to[c][r] = from[r][c];
  return to;
}

/// What a transform multiplies by: named, because types make shorter template arguments than arrays of doubles.
template<minimal_filtering F> struct of_inputs { static constexpr auto rows = winograd<F>::input; };
template<minimal_filtering F> struct of_outputs { static constexpr auto rows = winograd<F>::output; };
template<minimal_filtering F> struct of_weights { static constexpr auto rows = winograd<F>::weight; };
template<minimal_filtering F> struct of_output_gradients {
  static constexpr auto rows = transposed(winograd<F>::output);
};
template<minimal_filtering F> struct of_weight_gradients {
  static constexpr auto rows = transposed(winograd<F>::weight);
};

}  // namespace laminate::kernels
