// What every loss over labelled batches answers with, and the check of its arguments.
#pragma once

#include <laminate/support/error.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>

namespace laminate {

/// A loss is a type with one function, allocation-free and without state:
///   template<class T> batch_loss operator()(std::span<T const> outputs, std::span<int const> labels,
///                                           std::span<T> gradient) const;
/// `outputs` is (N, classes) row-major, there is one label for each of the N samples. The derivative of the
/// mean loss by the outputs goes to `gradient`, of the same shape; an empty span says that nobody wants it.
struct batch_loss {
  double mean = 0;  ///< over the batch, as the loss defines it
  int correct = 0;  ///< samples whose largest output is that of their label
};

template<class L, class T>
concept LossOf = requires(L const& loss, std::span<T const> outputs, std::span<int const> labels,
                          std::span<T> gradient) {
  { loss(outputs, labels, gradient) } -> std::convertible_to<batch_loss>;
};

template<class L, class T> consteval bool ask_for_loss() {
  static_assert(LossOf<L, T>,
                "a loss has a const operator() of outputs, labels and a gradient, which answers with a batch_loss");
  return LossOf<L, T>;
}

/// True, or one compiler error.
template<class L, class T> inline constexpr bool is_a_loss = ask_for_loss<L, T>();

/// The class with the largest output; the first of equals, as torch.argmax on the CPU.
template<class T> int predicted_class(std::span<T const> outputs) {
  return static_cast<int>(std::ranges::max_element(outputs) - outputs.begin());
}

/// The number of classes. Throws `error`, which names the sample, where a label is none of them; nothing has
/// been written then.
template<class T>
std::size_t check_batch(std::span<T const> outputs, std::span<int const> labels, std::span<T const> gradient) {
  if (labels.empty()) throw error("loss", "expected at least one sample, found none");
  std::size_t const classes = outputs.size() / labels.size();
  if (classes == 0 || outputs.size() != classes * labels.size())
    throw error("loss", "expected the same number of outputs for each of " + std::to_string(labels.size()) +
                            " samples, found " + std::to_string(outputs.size()) + " in all");
  if (!gradient.empty() && gradient.size() != outputs.size())
    throw error("loss", "expected a gradient of " + std::to_string(outputs.size()) + " numbers, found " +
                            std::to_string(gradient.size()));
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= classes)
      throw error("loss", "expected labels of 0.." + std::to_string(classes - 1) + ", found " +
                              std::to_string(labels[i]) + " at sample " + std::to_string(i) + " of the batch");
  return classes;
}

}  // namespace laminate
