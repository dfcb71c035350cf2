// A step's code, and one unit of its work.
#pragma once

#include <algorithm>
#include <laminate/kernels/input.hpp>
#include <laminate/kernels/output.hpp>
#include <laminate/kernels/weight_parts.hpp>

namespace laminate::kernels {

/// A unit of a step's work, as its kernel sees it.
template<class T> struct task {
  run_state<T> const& state;
  fusion::step const& s;
  unit<T> const& u;
  input<T>& x;
  input<T>& y;  ///< x again where the kernel has one input
  samples_of<T> to;
  output<T> const& finish;
  T* weight_part;

  bool wants_data_gradient() const { return !s.optional || state.wants_input_gradient; }
};

/// The code of a step, by address: what surrounds it is compiled once for all steps, and so is each of its parts for
/// all steps that share it.
template<class T> struct step_code {
  void (*run_kernel)(task<T> const&);
  int inputs;
  int vectors_per_block;                                                ///< of the processor it is for
  void (*prepare_weights)(fusion::step const&, node_memory<T> const&);  ///< null where it reads the model's own
  void (*end_weight_gradient)(run_state<T> const&, fusion::step const&, weight_parts<T> const&);  ///< null without one
  std::array<program_code<T>, fusion::load_sides> load;  ///< null where that side is empty
  program_code<T> store;
};

/// One unit of a step's work.
template<class T>
void run_unit(run_state<T> const& state, fusion::step const& s, step_code<T> const& code, unit<T> const& u,
              T* weight_part) {
  strip_operands<T> operands;
  bind(operands, state, s.store, s.code.strip, u, static_cast<T*>(nullptr));
  bool const in_rows = lie_in_rows(s.store, operands);
  if (s.code.does == fusion::work::nothing) {
    output<T> const all{code.store, operands, nullptr, in_rows};
    if (in_rows) return all.finish_features(0, u.samples, 0);
    for (int n = 0; n < u.samples; ++n)
      for (int b = 0; b < blocks_of(operands.of.channels); ++b) all.finish({n, b, 0, operands.of.pixels()});
    return;
  }
  samples_of<T> const to{u.tensor(state, s.output), state.tensors[s.output].stride};
  auto const run = [&](prefetch_list* next) {
    output<T> const finish{code.store, operands, next, in_rows};
    input<T> x(state, s, 0, u, code.load);
    if (code.inputs == 1) return code.run_kernel({state, s, u, x, x, to, finish, weight_part});
    input<T> y(state, s, 1, u, code.load);
    code.run_kernel({state, s, u, x, y, to, finish, weight_part});
  };
  if (is_dense(s.code.does)) return run(nullptr);
  long const strips = static_cast<long>(blocks_of(operands.of.channels)) * std::max(1, operands.of.height);
  int const first = u.first + u.samples;
  prefetch_list next;
  if (!u.last) next = tensors_of_next(state, s, first, std::min(u.samples, state.batch - first), u.samples * strips);
  run(&next);
}

}  // namespace laminate::kernels
