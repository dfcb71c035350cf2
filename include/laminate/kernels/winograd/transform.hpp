// M·X·Mᵀ of a small tile of vectors, M being a constant: what is 0 or ±1 costs nothing, what
// two rows share is added once.
#pragma once

#include <array>
#include <laminate/kernels/tile.hpp>
#include <laminate/kernels/winograd/matrices.hpp>

namespace laminate::kernels {

/// A constant matrix made ready for code: rows or columns that are alike but for signs come in pairs, and a pair is
/// computed from the sum and the difference of what they share.
template<class Matrix> struct transform_plan {
  static constexpr int rows = static_cast<int>(Matrix::rows.size());
  static constexpr int columns = static_cast<int>(Matrix::rows[0].size());

  static constexpr double magnitude(int r, int c) {
    return Matrix::rows[r][c] < 0 ? -Matrix::rows[r][c] : Matrix::rows[r][c];
  }
  static constexpr bool rows_alike(int a, int b) {
    int same = 0, opposite = 0;
    for (int c = 0; c < columns; ++c) {
      if (magnitude(a, c) != magnitude(b, c)) return false;
      if (magnitude(a, c) != 0) ++(Matrix::rows[a][c] == Matrix::rows[b][c] ? same : opposite);
    }
    return same > 0 && opposite > 0;
  }
  static constexpr bool columns_alike(int a, int b) {
    int both = 0;
    for (int r = 0; r < rows; ++r) {
      if (magnitude(r, a) != magnitude(r, b)) return false;
      both += magnitude(r, a) != 0;
    }
    return both > 1;
  }

  /// row → it begins a pair with the next one.
  static constexpr std::array<bool, rows> row_pair = [] {
    std::array<bool, rows> pairs{};
    for (int r = 0; r + 1 < rows; ++r) pairs[r] = !(r > 0 && pairs[r - 1]) && rows_alike(r, r + 1);
    return pairs;
  }();
  static constexpr bool pairs_rows = [] {
    for (bool p : row_pair)
      if (p) return true;
    return false;
  }();
  /// column → it begins a pair with the next one; only where no rows pair.
  static constexpr std::array<bool, columns> column_pair = [] {
    std::array<bool, columns> pairs{};
    for (int c = 0; c + 1 < columns && !pairs_rows; ++c) pairs[c] = !(c > 0 && pairs[c - 1]) && columns_alike(c, c + 1);
    return pairs;
  }();

  /// The coefficients after a pair of columns became its sum and its difference.
  static constexpr auto coefficients = [] {
    auto m = Matrix::rows;
    for (int c = 0; c + 1 < columns; ++c)
      for (int r = 0; column_pair[c] && r < rows; ++r) {
        bool const adds = Matrix::rows[r][c] == Matrix::rows[r][c + 1];
        m[r][c] = adds ? Matrix::rows[r][c] : 0;
        m[r][c + 1] = adds ? 0 : Matrix::rows[r][c];
      }
    return m;
  }();

  enum class part : unsigned char { all, same, opposite };
  /// What column c contributes to row r, or to what r and its partner share, or differ in.
  static constexpr double coefficient(int r, int c, part p) {
    bool const same = p == part::all || coefficients[r][c] == coefficients[r + 1][c];
    return same == (p != part::opposite) ? coefficients[r][c] : 0;
  }
  /// Where a sum begins: at a coefficient that needs no multiplication, if there is one.
  static constexpr int first_term(int r, part p) {
    int first = -1;
    for (int c = columns - 1; c >= 0; --c) {
      double const k = coefficient(r, c, p);
      if (k != 0 && (first < 0 || k == 1 || coefficient(r, first, p) != 1)) first = c;
    }
    return first;
  }
};

/// Σ_c coefficient · x[c] of one row.
template<class Plan, int r, typename Plan::part part, class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> dot(vector<T, Arch> const* x) {
  constexpr int first = Plan::first_term(r, part);
  constexpr double start = Plan::coefficient(r, first, part);
  vector<T, Arch> sum = x[first];
  if constexpr (start != 1) sum = sum * broadcast<T, Arch>(static_cast<T>(start));
  unroll(
      upto<Plan::columns>, [&](auto c) __attribute__((always_inline)) {
        constexpr double k = c == first ? 0 : Plan::coefficient(r, c, part);
        if constexpr (k == 1)
          sum = sum + x[c];
        else if constexpr (k == -1)
          sum = sum - x[c];
        else if constexpr (k != 0)
          sum = multiply_add<T, Arch>(broadcast<T, Arch>(static_cast<T>(k)), x[c], sum);
      });
  return sum;
}

/// y[r] = Σ_c M[r][c]·x[c]. x is used up.
template<class Matrix, class T, class Arch>
[[gnu::always_inline]] inline void apply_matrix(vector<T, Arch>* x, vector<T, Arch>* y) {
  using plan = transform_plan<Matrix>;
  using part = typename plan::part;
  unroll(
      upto<plan::columns>, [&](auto c) __attribute__((always_inline)) {
        if constexpr (plan::column_pair[c]) {
          vector<T, Arch> const sum = x[c] + x[c + 1];
          x[c + 1] = x[c] - x[c + 1], x[c] = sum;
        }
      });
  unroll(
      upto<plan::rows>, [&](auto r) __attribute__((always_inline)) {
        constexpr bool second = r > 0 && plan::row_pair[r > 0 ? r - 1 : 0];
        if constexpr (plan::row_pair[r]) {
          auto const same = dot<plan, r, part::same, T, Arch>(x), opposite = dot<plan, r, part::opposite, T, Arch>(x);
          y[r] = same + opposite;
          y[r + 1] = same - opposite;
        } else if constexpr (!second) {
          y[r] = dot<plan, r, part::all, T, Arch>(x);
        }
      });
}

/// y = M·x of vectors: get(i) gives one of x, put(r, y) takes one of y.
template<class Matrix, class T, class Arch, class Get, class Put>
[[gnu::always_inline]] inline void transform_line(Get&& get, Put&& put) {
  using plan = transform_plan<Matrix>;
  vector<T, Arch> x[plan::columns], y[plan::rows];
  [&]<int... i>(constants<i...>) __attribute__((always_inline)) { ((x[i] = get(i)), ...); }
  (upto<plan::columns>);
  apply_matrix<Matrix, T, Arch>(x, y);
  [&]<int... r>(constants<r...>) __attribute__((always_inline)) { (put(r, y[r]), ...); }
  (upto<plan::rows>);
}

/// Y = M·X·Mᵀ. get(i, j) gives an element of X, put(i, j, y) takes one of Y, row by row. All is
/// inlined, so that i and j are constants.
template<class Matrix, class T, class Arch, class Get, class Put>
[[gnu::always_inline]] inline void transform_tile(Get&& get, Put&& put) {
  using plan = transform_plan<Matrix>;
  vector<T, Arch> half[plan::columns][plan::rows];
  auto const column = [&](int j) __attribute__((always_inline)) {
    transform_line<Matrix, T, Arch>(
        [&](int i) __attribute__((always_inline)) { return get(i, j); }, [&](int r, vector<T, Arch> const& y)
                                                                             __attribute__((
                                                                                 always_inline)) { half[j][r] = y; });
  };
  auto const row = [&](int i) __attribute__((always_inline)) {
    transform_line<Matrix, T, Arch>(
        [&](int j) __attribute__((always_inline)) { return half[j][i]; }, [&](int c, vector<T, Arch> const& y)
                                                                              __attribute__((
                                                                                  always_inline)) { put(i, c, y); });
  };
  [&]<int... j>(constants<j...>) __attribute__((always_inline)) { (column(j), ...); }
  (upto<plan::columns>);
  [&]<int... i>(constants<i...>) __attribute__((always_inline)) { (row(i), ...); }
  (upto<plan::rows>);
}

}  // namespace laminate::kernels
