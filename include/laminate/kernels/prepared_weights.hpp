// Weights as kernels read them, made before a pass: in Winograd's domain, or with inputs and outputs exchanged.
#pragma once

#include <laminate/kernels/convolve/data_gradient.hpp>
#include <laminate/kernels/state.hpp>
#include <laminate/kernels/transpose.hpp>
#include <laminate/kernels/winograd/weights.hpp>

namespace laminate::kernels {

/// Whether a kernel of signature K reads its weights as a model keeps them.
template<fusion::signature K, class T, class Arch> constexpr bool reads_own_weights() {
  using fusion::work;
  switch (K.does) {
    case work::convolve: return K.by == algorithm::direct;
    case work::convolve_back: return K.by == algorithm::direct && sums_few<T, Arch>(K.sizes);
    case work::convolve_transposed_back:
    case work::multiply_back: return false;
    default: return true;
  }
}

/// Makes the weights that a step's kernel, of signature K, reads instead.
template<fusion::signature K, class T, class Arch>
void prepare_weights(fusion::step const& s, node_memory<T> const& m) {
  sliding const& g = s.code.sizes;
  int const in = g.in.channels, out = g.out.channels;
  constexpr minimal_filtering by = filtering_of(K.by, K.sizes.how);
  if constexpr (K.does == fusion::work::convolve)
    transform_weights<T, Arch, by>(m.weight, m.tile_weight, in, out);
  else if constexpr (K.by != algorithm::direct)
    transform_transposed_weights<T, Arch, by>(m.weight, m.transposed_tile_weight, in, out);
  else if constexpr (K.does == fusion::work::multiply_back)
    transpose_matrix(m.weight, m.transposed, in, out);
  else
    transpose_weights(g, m.weight, m.transposed);
}

}  // namespace laminate::kernels
