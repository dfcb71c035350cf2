// explain<Net>(os): which layers run in which kernel and why, the memory they touch, and the bytes saved.
#pragma once

#include <laminate/io/telling.hpp>
#include <laminate/model/straight_inference.hpp>

namespace laminate {
namespace looking {

inline void print_passes(std::ostream& os, planned_pass const& p) {
  std::string steps;
  long bytes = 0;
  for (std::size_t s = 0; s < p.steps.size(); ++s) {
    if (p.steps[s].code.does != fusion::work::nothing) continue;
    bytes += bytes_read(p, s) + bytes_written(p, s);
    steps += " " + std::to_string(s + 1);
  }
  print_beside(os, {"element-wise passes"}, {steps.empty() ? "none" : write_bytes(bytes) + " in steps" + steps});
}

inline void print_comparison(std::ostream& os, network_plan const& p, network_plan const& unfused) {
  auto row = [&](char const* title, auto value) {
    double const ratio = static_cast<double>(value(unfused)) / static_cast<double>(value(p));
    long const hundredths = static_cast<long>(ratio * 100 + 0.5);
    std::string const cents = std::to_string(hundredths % 100);
    return std::vector<std::string>{
        title, write_bytes(value(p)), write_bytes(value(unfused)),
        std::to_string(hundredths / 100) + "." + std::string(2 - cents.size(), '0') + cents};
  };
  print_table(
      os,
      {{"per sample", "this plan", "one pass per layer", "ratio"},
       row("moved by a training step", [](network_plan const& q) { return q.bytes; }),
       row("moved by inference", [](network_plan const& q) { return q.inference_bytes; }),
       row("arena of training", [](network_plan const& q) { return q.arena * static_cast<long>(sizeof(float)); })},
      1);
}

/// Of a network whose inference has no steps.
inline void print_straight(std::ostream& os, char const* title) {
  os << '\n' << title << ": straight through all layers, a sample at a time; what they give stays on the stack\n";
}

inline void print_group(std::ostream& os, memory::inference_footprint const& bytes) {
  int const together = images_together(bytes);
  auto const write = [](double of) { return write_bytes(static_cast<long>(of)); };
  os << together << (together == 1 ? " sample goes" : " samples go") << " through all steps at a time: a sample takes "
     << write(bytes.arena) << " of an arena\nand moves " << write(bytes.moved) << ", and each time "
     << write(bytes.weights) << " of weights are read\n";
}

inline void print_legend(std::ostream& os) {
  os << "Layers go by their names in state_dict; .2 is a neighbour of the one before. raw X: before its "
        "bias.\nΣX: sums per channel for X. ∇X: the gradient through X, at its input. ∇→X: the sum of the "
        "gradients\nfrom all who read X. again X: computed again. near: handed from step to step in a core's own "
        "memory.\n";
}
}  // namespace looking

/// Prints the plan of a network under a policy: inference, training forward and backward step by step, what
/// is computed again and what is kept, what remains an element-wise pass, and the bytes against one pass per
/// layer. All bytes are float's and of one sample; weights are not counted.
template<class Net, class Policy = Fused> void explain(std::ostream& os) {
  if constexpr (is_accepted<Net>) {
    looking::telling const inference{planned<Net, Policy, pass::inference>};
    looking::telling const training{planned<Net, Policy, pass::training>};
    looking::print_legend(os);
    int const forward = training.p.forward_steps, all = static_cast<int>(training.p.steps.size());
    if constexpr (straight_inference<Net, Policy, float, kernels::default_arch>::fits) {
      looking::print_straight(os, "Inference");
    } else {
      inference.print(os, "Inference", 0, static_cast<int>(inference.p.steps.size()));
      looking::print_group(os, plan<Net, Policy>.infers);
    }
    training.print(os, "Training, forward", 0, forward);
    training.print(os, "Training, backward", forward, all);
    os << '\n';
    training.print_kept(os);
    looking::print_passes(os, training.p);
    os << '\n';
    looking::print_comparison(os, plan<Net, Policy>, plan<Net, Unfused>);
  }
}

/// The steps of a frozen model, and why so many samples go through them at a time.
template<class Net, class Policy, class T, class Arch>
void explain(std::ostream& os, InferenceModel<Net, Policy, T, Arch> const& model) {
  looking::telling const inference{planned<Net, Policy, pass::folded>};
  if constexpr (straight_inference<Net, Policy, T, Arch>::fits) return looking::print_straight(os, "Inference, frozen");
  looking::print_legend(os);
  inference.print(os, "Inference, frozen", 0, static_cast<int>(inference.p.steps.size()));
  looking::print_group(os, model.bytes);
}

}  // namespace laminate
