// Inference of a small network of dense layers in one go. For a few hundred multiplications all that surrounds a step
// (its units, pieces, operands and sides) would take most of the time: a network for audio or control has to answer in
// less.
#pragma once

#include <algorithm>
#include <laminate/expression/evaluate.hpp>
#include <laminate/fusion/policy.hpp>
#include <laminate/graph/leaves.hpp>
#include <laminate/graph/lower.hpp>
#include <laminate/graph/refuse.hpp>
#include <laminate/kernels/multiply.hpp>
#include <laminate/kernels/state.hpp>
#include <laminate/layers/activation.hpp>
#include <laminate/support/parallel.hpp>
#include <span>
#include <utility>

namespace laminate {

/// The nodes of Net one after the other, a sample at a time, on the kernels' own weights. What a layer gives stays on
/// the stack.
template<class Net, class Policy, class T, class Arch> class straight_inference {
  static constexpr auto& g = graph_of<Net>;
  using vector = kernels::vector<T, Arch>;
  static constexpr int lanes = kernels::lanes<T, Arch>;
  /// The widest layer: its results are a few vectors, and a matrix 16 KiB of floats.
  static constexpr int widest = 64;

  static constexpr bool is_step(graph_node const& v) {
    return v.acts_as == role::dense || v.acts_as == role::dropout ||
           (v.acts_as == role::activation && !v.activation.learned);
  }

 public:
  /// A chain of few small layers, under a policy that fuses.
  static constexpr bool fits = [] {
    if (!is_accepted<Net> || Policy::keeps == fusion::keeping::all || g.nodes[0].out.is_image() || g.size > 12)
      return false;
    for (int n = 0; n < g.size; ++n)
      if (g.nodes[n].out.channels > widest || (n > 0 && (!is_step(g.nodes[n]) || g.nodes[n].inputs[0] != n - 1)))
        return false;
    return true;
  }();

  /// y = the network's output for `samples` samples in x, whose memory has the layers' weights and biases.
  static void infer(std::span<kernels::node_memory<T> const> memory, T const* x, T* y, int samples, int threads = 1,
                    loop_runner run_loop = run_alone) {
    constexpr int in = g.nodes[0].out.channels, out = g.output().out.channels, piece = 512;
    parallel_for(run_loop, (samples + piece - 1) / piece, threads, [&](int p, int) {
      for (int n = p * piece; n < std::min(samples, (p + 1) * piece); ++n)
        infer_sample(memory, x + static_cast<long>(n) * in, y + static_cast<long>(n) * out);
    });
  }

 private:
  static void infer_sample(std::span<kernels::node_memory<T> const> memory, T const* x, T* y) {
    alignas(64) T values[widest];
    std::copy_n(x, g.nodes[0].out.channels, values);
    std::fill_n(values + g.nodes[0].out.channels, padded(g.nodes[0].out.channels) - g.nodes[0].out.channels, T(0));
    [&]<int... n>(kernels::constants<n...>) { (run<n + 1>(memory[n + 1], values), ...); }
    (kernels::upto<g.size - 1>);
    std::copy_n(values, g.output().out.channels, y);
  }

  template<int n> [[gnu::always_inline]] static void run(kernels::node_memory<T> const& m, T* values) {
    constexpr graph_node const& v = g.nodes[n];
    if constexpr (v.acts_as == role::dense) {
      multiply<v.in.channels, padded(v.out.channels) / lanes>(
          m.weight, v.bias ? m[fusion::channel_vector::bias] : nullptr, values);
    } else if constexpr (v.acts_as == role::activation) {
      using function = mathematics<leaf<Net, g.nodes[n].leaf>>;
      for (int i = 0; i < padded(v.out.channels); i += lanes) {
        vector const x = kernels::load<T, Arch>(values + i);
        kernels::store<T, Arch>(values + i, expression::evaluate(function::value(), x, vector(T(0))));
      }
    }
  }

  /// values = w · values + bias. A sum waits four cycles for its last product: it is added up in parts where there are
  /// few.
  template<int in, int vectors> [[gnu::always_inline]] static void multiply(T const* w, T const* bias, T* values) {
    using namespace kernels;
    constexpr int parts = std::clamp(8 / vectors, 1, std::min(4, in)), whole = in / parts * parts;
    constexpr long block = matrix_size(in, 1);
    vector sum[parts * vectors];
    auto const add = [&](int i, auto part) __attribute__((always_inline)) {
      vector const x = broadcast<T, Arch>(values[i]);
      unroll(
          upto<vectors>, [&](auto v) __attribute__((always_inline)) {
            constexpr int lane = v * lanes;
            vector const factor =
                load<T, Arch>(w + lane / channel_block * block + i * channel_block + lane % channel_block);
            vector& s = sum[part * vectors + v];
            s = multiply_add<T, Arch>(x, factor, s);
          });
    };
    unroll(
        upto<parts * vectors>, [&](auto n) __attribute__((always_inline)) {
          constexpr int lane = n * lanes;
          sum[n] = n < vectors && bias ? load<T, Arch>(bias + lane) : vector(T(0));
        });
    for (int i = 0; i < whole; i += parts)
      unroll(
          upto<parts>, [&](auto part) __attribute__((always_inline)) { add(i + part, part); });
    for (int i = whole; i < in; ++i) add(i, std::integral_constant<int, 0>{});
    unroll(
        upto<vectors>, [&](auto v) __attribute__((always_inline)) {
          for (int part = 1; part < parts; ++part) sum[v] += sum[part * vectors + v];
          store<T, Arch>(values + v * lanes, sum[v]);
        });
  }
};

}  // namespace laminate
