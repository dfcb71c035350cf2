// A function object to be called later. <functional> would bring hash tables and more into every program: 0.1 s.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace laminate {

namespace detail {

/// Something to be called, whose type only those know who made it.
struct any_callable {
  virtual ~any_callable() = default;
  virtual std::unique_ptr<any_callable> copy() const = 0;
};
template<class Function> struct callable final : any_callable {
  explicit callable(Function from) : function(std::move(from)) {}
  std::unique_ptr<any_callable> copy() const override { return std::make_unique<callable>(function); }
  Function function;
};

}  // namespace detail

template<class Signature> class callback;

/// Holds a copy of any function object, or nothing; as std::function does.
template<class Result, class... Arguments> class callback<Result(Arguments...)> {
 public:
  callback(std::nullptr_t = nullptr) {}

  template<class Function>
  requires(!std::same_as<Function, callback> && std::is_invocable_r_v<Result, Function&, Arguments...>)
      callback(Function function) {
    if constexpr (requires { function == nullptr; })
      if (function == nullptr) return;
    held_ = std::make_unique<detail::callable<Function>>(std::move(function));
    call_ = [](detail::any_callable& of, Arguments... arguments) -> Result {
      return static_cast<detail::callable<Function>&>(of).function(std::forward<Arguments>(arguments)...);
    };
  }

  callback(callback const& other) : held_(other.held_ ? other.held_->copy() : nullptr), call_(other.call_) {}
  callback(callback&&) = default;
  callback& operator=(callback other) {
    held_ = std::move(other.held_), call_ = other.call_;
    return *this;
  }

  explicit operator bool() const { return held_ != nullptr; }
  Result operator()(Arguments... arguments) const { return call_(*held_, std::forward<Arguments>(arguments)...); }

 private:
  std::unique_ptr<detail::any_callable> held_;
  Result (*call_)(detail::any_callable&, Arguments...) = nullptr;
};

}  // namespace laminate
