// The nine activation functions of the lecture's table: their derivatives, derived while compiling from the
// formula alone, against the table's closed forms; and what the backward pass needs to know.
#include <laminate/laminate.hpp>

#include <cmath>
#include <cstdio>

#include "experiment.hpp"

using namespace laminate;

constexpr double alpha = 0.25;  // of PReLU; ELU has 1

// The table: name, equation, derivative.
struct entry {
  char const* name;
  double (*f)(double x);
  double (*slope)(double x);
};
double logistic_of(double x) { return 1 / (1 + std::exp(-x)); }
double elu_of(double x) { return x < 0 ? std::exp(x) - 1 : x; }
entry const table[] = {
    {"Identity", [](double x) { return x; }, [](double) { return 1.0; }},
    {"BinaryStep", [](double x) { return x < 0 ? 0.0 : 1.0; }, [](double) { return 0.0; }},
    {"Logistic", logistic_of, [](double x) { return logistic_of(x) * (1 - logistic_of(x)); }},
    {"Tanh", [](double x) { return 2 / (1 + std::exp(-2 * x)) - 1; },
     [](double x) { return 1 - std::tanh(x) * std::tanh(x); }},
    {"ArcTan", [](double x) { return std::atan(x); }, [](double x) { return 1 / (x * x + 1); }},
    {"ReLU", [](double x) { return x < 0 ? 0 : x; }, [](double x) { return x < 0 ? 0.0 : 1.0; }},
    {"PReLU", [](double x) { return x < 0 ? alpha * x : x; }, [](double x) { return x < 0 ? alpha : 1.0; }},
    {"ELU", elu_of, [](double x) { return x < 0 ? elu_of(x) + 1 : 1.0; }},
    {"SoftPlus", [](double x) { return std::log(1 + std::exp(x)); }, logistic_of},
};
// The same as the library's words, in the same order.
constexpr auto for_the_nine = [](auto&& use) {
  for_networks<Identity, BinaryStep, Logistic, Tanh, ArcTan, ReLU, PReLU, ELU, SoftPlus>(use);
};

template<class E> double at(E const& expression, double x) { return evaluate(expression, x, alpha); }

/// What backward makes of a gradient of 1 at f(x).
template<class A> double backward_at(double x) {
  static Model<Network<Features<1>, A>, Reference, double> model{1, 1};
  double y = 0, dx = 0;
  double const dy = 1;
  model.forward({&x, 1}, {&y, 1});
  model.backward({&dy, 1}, {&dx, 1});
  return dx;
}

template<class A> std::string needed_by_backward() {
  if constexpr (!A::about.activation.slope_of_output)
    return "its input x";
  else if (to_text(mathematics<A>::slope_of_output(), "f").find('f') == std::string::npos)
    return "nothing";
  else
    return "its output f: f' = " + to_text(mathematics<A>::slope_of_output(), "f");
}

int main(int argc, char** argv) {
  lecture::experiment run{argc, argv, "Activation functions: nine formulas and their derivatives"};
  auto csv = run.csv("activation_functions", "name,x,f,derived,table");
  int const steps = run.pick(120, 60);  // of x from −6 to 6; 0, where four of them have a kink, comes after them
  double worst = 0, worst_backward = 0, worst_value = 0, least_mismatch = 1e9;
  std::size_t row = 0;
  for_the_nine([&]<class A>() {
    entry const& expected = table[row];
    auto const value = mathematics<A>::value();
    auto const derived = derive(value, expression::argument{});
    std::printf("%s\n  f(x)  = %s\n  f'(x) = %s\n", expected.name, to_text(value).c_str(), to_text(derived).c_str());
    if constexpr (mathematics<A>::learned)
      std::printf("  df/da = %s\n", to_text(mathematics<A>::slope_of_parameter()).c_str());
    std::printf("  backward needs %s\n  f'(0): derived %g, in backward %g, table %g\n\n",
                needed_by_backward<A>().c_str(), at(derived, 0), backward_at<A>(0), expected.slope(0));

    std::vector<double> mismatch(std::size(table));
    for (int i = 0; i <= steps; ++i) {
      double const x = -6 + 12.0 * i / steps;
      csv.row(expected.name, x, at(value, x), at(derived, x), expected.slope(x));
      if (x == 0) continue;
      worst_value = std::max(worst_value, std::abs(at(value, x) - expected.f(x)));
      worst = std::max(worst, std::abs(at(derived, x) - expected.slope(x)));
      worst_backward = std::max(worst_backward, std::abs(backward_at<A>(x) - expected.slope(x)));
      for (std::size_t other = 0; other < std::size(table); ++other)
        mismatch[other] = std::max(mismatch[other], std::abs(at(derived, x) - table[other].slope(x)));
    }
    for (std::size_t other = 0; other < std::size(table); ++other)
      if (other != row) least_mismatch = std::min(least_mismatch, mismatch[other]);
    ++row;
  });
  std::printf(
      "largest differences from the table over %d points of [-6, 6]: f %.1e, f' derived %.1e, f' in backward "
      "%.1e\n",
      steps, worst_value, worst, worst_backward);
  run.expect(worst_value < 1e-15, "the formulas are the table's");
  run.expect(worst < 1e-15, "the derivatives found while compiling are the table's");
  run.expect(worst_backward < 1e-15, "and so is what backward multiplies by");
  run.expect(least_mismatch > 0.1, "while no two rows of the table could be taken for each other");
  return run.verdict();
}
