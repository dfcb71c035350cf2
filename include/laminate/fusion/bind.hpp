// From places to steps: the programs of every side, and the tensors and numbers each slot stands for.
#pragma once

#include <laminate/fusion/fuse.hpp>

namespace laminate::fusion {

/// Writes the program of one side of a step.
template<class Expansion, class Graph> struct writing {
  Expansion const& e;
  Graph const& g;
  pass wanted;
  side_code& written;
  operands& bound;
  struct filled {
    short tensor;
    short by;
  };
  bounded_list<filled, program::capacity> registers{};

  constexpr int slot_of(int t) {
    for (int i = 0; i < bound.tensors.size; ++i)
      if (bound.tensors[i] == t) return i;
    return bound.tensors.add(static_cast<short>(t));
  }

  /// The register that holds tensor t, loaded from `from` if no instruction has made it.
  constexpr int value_of(int t, int from) {
    for (auto const& r : registers)
      if (r.tensor == t) return r.by;
    int const by = written.runs.add(instruction::of(code::load, 0, 0, slot_of(from)));
    registers.add({static_cast<short>(t), static_cast<short>(by)});
    return by;
  }

  constexpr void made(int t, instruction i) {
    registers.add({static_cast<short>(t), static_cast<short>(written.runs.add(i))});
  }

  constexpr void store(int t) { written.runs.add(instruction::of(code::store, value_of(t, t), 0, slot_of(t))); }

  template<class... Vectors> constexpr int channels(int node, Vectors... vectors) {
    int const first = bound.channels.size;
    (bound.channels.add({static_cast<short>(node), vectors}), ...);
    return first;
  }

  constexpr int reduces(operation const& o) { return bound.reductions.add({o.does, o.node}); }

  constexpr int function(int node) { return written.functions.add(static_cast<short>(g.nodes[node].leaf)); }

  // `raw` is the kernel's result and `raw_lies_in` the tensor whose memory it was left in.
  constexpr void operate(operation const& o, int raw, int raw_lies_in) {
    auto operand = [&](int k) { return value_of(o.inputs[k], o.inputs[k] == raw ? raw_lies_in : o.inputs[k]); };
    auto parameter = [&] {
      return g.nodes[o.node].activation.learned ? channels(o.node, channel_vector::activation_parameter) : 0;
    };
    using enum channel_vector;
    switch (o.does) {
      case work::add_bias:
        return made(o.output, instruction::of(code::add_channel, operand(0), 0, channels(o.node, bias)));
      case work::normalise: {
        int const first = wanted == pass::training ? channels(o.node, batch_scale, batch_shift)
                                                   : channels(o.node, running_scale, running_shift);
        return made(o.output, instruction::of(code::affine, operand(0), 0, first));
      }
      case work::normalise_back: {
        int const first = channels(o.node, gradient_of_g, gradient_of_z, gradient_constant);
        int const d = operand(0);
        return made(o.output, instruction::of(code::affine_two, d, operand(1), first));
      }
      case work::activate:
        return made(o.output, instruction::of(code::apply, operand(0), 0, parameter(), function(o.node)));
      case work::slope_of_input:
      case work::slope_of_output: {
        code const c = o.does == work::slope_of_input ? code::slope : code::slope_from_output;
        int const d = operand(0);
        return made(o.output, instruction::of(c, d, operand(1), parameter(), function(o.node)));
      }
      case work::add:
      case work::times: {
        int const a = operand(0);
        return made(o.output, instruction::of(o.does == work::add ? code::add : code::times, a, operand(1)));
      }
      case work::drop: return made(o.output, instruction::of(code::drop, operand(0), 0, bound.drops.add(o.node)));
      case work::normalisation_sums: {
        int const d = operand(0);
        int const z = operand(1);
        written.runs.add(instruction::of(code::sum_and_product, d, z, channels(o.node, batch_mean), reduces(o)));
        return;
      }
      case work::bias_sum: written.runs.add(instruction::of(code::sum, operand(0), 0, 0, reduces(o))); return;
      case work::parameter_sum: {
        int const d = operand(0);
        int const s =
            written.runs.add(instruction::of(code::parameter_slope, d, operand(1), parameter(), function(o.node)));
        written.runs.add(instruction::of(code::sum, s, 0, 0, reduces(o)));
        return;
      }
      default: return;
    }
  }

  constexpr void statistics(operation const& o) {
    written.runs.add(instruction::of(code::statistics, 0, 0, slot_of(o.inputs[0]), reduces(o)));
  }
};

/// All steps of a pass, and their code.
template<int Steps> struct bound_pass {
  bounded_list<step, Steps> steps{.size = Steps};
  bounded_list<step_programs, Steps> programs{.size = Steps};
};

/// Makes them.
template<int Steps, class Expansion, class Graph, class Fusing> struct binding {
  Expansion const& e;
  Graph const& g;
  Fusing const& f;
  pass wanted;
  algorithm (*choose)(sliding, direction);
  bool outside[decltype(Expansion::tensors)::capacity]{};                 // tensor → is needed in memory
  short kernel[Steps > 0 ? Steps : 1]{};                                  // step → operation, −1: none
  bounded_list<short, longest_side + 1> on[Steps > 0 ? 3 * Steps : 1]{};  // step · 3 + side − 1 → operations
  bound_pass<Steps> result{};

  constexpr void sort_operations() {
    for (short& k : kernel) k = -1;
    for (int i = 0; i < e.operations.size; ++i) {
      place const& p = f.places[i];
      operation const& o = e.operations.items[i];
      if (p.on == side::kernel)
        kernel[p.step] = static_cast<short>(i);
      else
        on[p.step * 3 + static_cast<int>(p.on) - 1].add(static_cast<short>(i));
      for (int t : o.inputs) {
        if (t < 0) break;
        int const m = e.tensors.items[t].producer;
        if (m < 0) continue;
        place const& q = f.places[m];
        bool const same_step = q.step == p.step;
        bool const at_hand = same_step && (q.on == p.on || q.on == side::kernel || p.on == side::kernel);
        bool const again_at_the_end = o.does == work::statistics || o.does == work::multiply_back;
        if (!at_hand || again_at_the_end) outside[t] = true;
      }
    }
    outside[e.output] = true;
    if (e.input_gradient >= 0) outside[e.input_gradient] = true;
  }

  constexpr void write_load(step& s, int index, int which, int k) {
    writing<Expansion, Graph> w{e, g, wanted, result.programs.items[index].load[which], s.load[which]};
    for (int i : on[index * 3 + which]) w.operate(e.operations[i], -1, -1);
    for (int i : on[index * 3 + which]) {
      int const t = e.operations[i].output;
      bool const is_input = t == s.inputs[k];
      if (!is_input && outside[t]) w.store(t);
      if (is_input) {
        int const to = outside[t] ? t : operands::scratch;
        w.written.runs.add(instruction::of(code::store, w.value_of(t, t), 0, w.slot_of(to)));
      }
    }
    if (!outside[s.inputs[k]]) s.inputs[k] = operands::scratch;
  }

  constexpr void write_store(step& s, int index, int raw) {
    auto const& ops = on[index * 3 + 2];
    s.output = static_cast<short>(raw);
    if (raw >= 0 && !outside[raw])
      for (int i : ops) {
        int const t = e.operations[i].output;
        if (t >= 0 && outside[t]) s.output = static_cast<short>(t);
      }
    writing<Expansion, Graph> w{e, g, wanted, result.programs.items[index].store, s.store};
    if (kernel[index] >= 0 && yields_sums(e.operations[kernel[index]].does)) w.reduces(e.operations[kernel[index]]);
    for (int i : ops)
      if (e.operations[i].does != work::statistics) w.operate(e.operations[i], raw, s.output);
    for (int i : ops)
      if (int const t = e.operations[i].output; t >= 0 && outside[t]) w.store(t);
    for (int i : ops)
      if (e.operations[i].does == work::statistics) w.statistics(e.operations[i]);
  }

  constexpr void bind_kernel(step& s, int index, operation const& o) {
    graph_node const& v = g.nodes[o.node];
    s.node = o.node, s.optional = o.optional;
    if (v.acts_as == role::custom) s.layer = static_cast<short>(v.leaf);
    for (int k = 0; k < 3; ++k) s.inputs[k] = o.inputs[k];
    s.code.does = o.does;
    s.code.sizes = {v.in, v.out, v.how};
    s.code.input = o.inputs[0] == e.input ? e.tensors[e.input].lies : layout::blocked;
    s.code.strip = e.tensors[o.output].of;
    s.code.part = o.part;
    bool const tiles = s.code.input == layout::blocked;
    if (tiles && o.does == work::convolve) s.code.by = choose(s.code.sizes, direction::forward);
    if (tiles && o.does == work::convolve_back) {
      s.code.by = choose(backwards(s.code.sizes), direction::data_gradient);
      s.code.weight_gradient = choose(s.code.sizes, direction::weight_gradient);
    }
    // Which load side feeds which input: the side that makes it.
    for (int k = 0; k < 3; ++k) {
      int const m = o.inputs[k] < 0 ? -1 : e.tensors[o.inputs[k]].producer;
      if (m < 0 || f.places[m].step != index || f.places[m].on == side::store) continue;
      int const which = static_cast<int>(f.places[m].on) - 1;
      s.code.fed_by[k] = static_cast<signed char>(which);
      write_load(s, index, which, k);
    }
  }

  constexpr void bind() {
    sort_operations();
    for (int index = 0; index < Steps; ++index) {
      step& s = result.steps.items[index];
      int const i = kernel[index];
      if (i >= 0) bind_kernel(s, index, e.operations[i]);
      write_store(s, index, i >= 0 ? e.operations[i].output : -1);
      if (i < 0) {
        operation const& any = e.operations[on[index * 3 + 2][0]];
        s.node = any.node;
        s.code.strip = e.tensors[any.output >= 0 ? any.output : any.inputs[0]].of;
      }
    }
  }
};

}  // namespace laminate::fusion
