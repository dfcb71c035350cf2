// A function object to be called later. <functional> would bring hash tables and more into every program: 0.1 s.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace laminate {

template<class Signature> class callback;

/// Holds a copy of any function object, or nothing; as std::function does.
template<class Result, class... Arguments> class callback<Result(Arguments...)> {
 public:
  callback(std::nullptr_t = nullptr) {}

  template<class Function>
  requires(!std::same_as<std::remove_cvref_t<Function>, callback> &&
           std::is_invocable_r_v<Result, std::decay_t<Function>&, Arguments...>) callback(Function&& function) {
    if constexpr (requires { function == nullptr; })
      if (function == nullptr) return;
    held_ = std::make_unique<holder<std::decay_t<Function>>>(std::forward<Function>(function));
  }

  callback(callback const& other) : held_(other.held_ ? other.held_->copy() : nullptr) {}
  callback(callback&&) = default;
  callback& operator=(callback other) {
    held_ = std::move(other.held_);
    return *this;
  }

  explicit operator bool() const { return held_ != nullptr; }
  Result operator()(Arguments... arguments) const { return held_->call(std::forward<Arguments>(arguments)...); }

 private:
  struct any_holder {
    virtual ~any_holder() = default;
    virtual Result call(Arguments... arguments) = 0;
    virtual std::unique_ptr<any_holder> copy() const = 0;
  };
  template<class Function> struct holder final : any_holder {
    explicit holder(auto&& from) : function(std::forward<decltype(from)>(from)) {}
    Result call(Arguments... arguments) override { return function(std::forward<Arguments>(arguments)...); }
    std::unique_ptr<any_holder> copy() const override { return std::make_unique<holder>(function); }
    Function function;
  };

  std::unique_ptr<any_holder> held_;
};

}  // namespace laminate
