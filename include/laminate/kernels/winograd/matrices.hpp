// The matrices of Winograd's minimal filtering F(m, 3), as constants.
#pragma once

#include <array>

namespace laminate::kernels {

/// y = Aᵀ[(G w) ⊙ (Bᵀ x)] gives m outputs of a 3-tap filter w from m + 2 inputs x; in two dimensions each matrix is
/// applied to columns and rows. The weights' gradient of the same tile is Gᵀ[(A dy) ⊙ (Bᵀ x)]. The matrices are those
/// of Lavin & Gray 2015, arXiv:1509.09308, section 4.
template<std::size_t Rows, std::size_t Columns> using matrix = std::array<std::array<double, Columns>, Rows>;

template<int m> struct winograd;

template<> struct winograd<2> {
  static constexpr matrix<4, 4> input{{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}}};
  static constexpr matrix<4, 3> weight{{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}}};
  static constexpr matrix<2, 4> output{{{1, 1, 1, 0}, {0, 1, -1, -1}}};
};

template<> struct winograd<4> {
  static constexpr matrix<6, 6> input{{{4, 0, -5, 0, 1, 0},
                                       {0, -4, -4, 1, 1, 0},
                                       {0, 4, -4, -1, 1, 0},
                                       {0, -2, -1, 2, 1, 0},
                                       {0, 2, -1, -2, 1, 0},
                                       {0, 4, 0, -5, 0, 1}}};
  static constexpr matrix<6, 3> weight{{{1. / 4, 0, 0},
                                        {-1. / 6, -1. / 6, -1. / 6},
                                        {-1. / 6, 1. / 6, -1. / 6},
                                        {1. / 24, 1. / 12, 1. / 6},
                                        {1. / 24, -1. / 12, 1. / 6},
                                        {0, 0, 1}}};
  static constexpr matrix<4, 6> output{
      {{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}}};
};

template<std::size_t Rows, std::size_t Columns>
constexpr matrix<Columns, Rows> transposed(matrix<Rows, Columns> const& from) {
  matrix<Columns, Rows> to{};
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t c = 0; c < Columns; ++c) to[c][r] = from[r][c];
  return to;
}

/// What a transform multiplies by: named, because types make shorter template arguments than arrays of doubles.
template<int m> struct of_inputs { static constexpr auto rows = winograd<m>::input; };
template<int m> struct of_outputs { static constexpr auto rows = winograd<m>::output; };
template<int m> struct of_weights { static constexpr auto rows = winograd<m>::weight; };
template<int m> struct of_output_gradients { static constexpr auto rows = transposed(winograd<m>::output); };
template<int m> struct of_weight_gradients { static constexpr auto rows = transposed(winograd<m>::weight); };

}  // namespace laminate::kernels
