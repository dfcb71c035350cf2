// Threads that come to one loop after the other.
#pragma once

#include <pthread.h>
#include <laminate/support/part_queues.hpp>

#include <algorithm>
#include <atomic>
#include <memory>

namespace laminate {

/// Tells the processor that this thread waits for another.
inline void wait_a_moment() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// A thread that opens loops, and others that come and take parts. A loop is over when its parts are: who has not come
/// by then is not waited for, so that on a busy machine a loop is no slower than that thread alone, but for parts that
/// others have taken. Between loops, which follow each other within microseconds, the others wait spinning, and
/// asleep when one takes longer.
class team : public std::enable_shared_from_this<team> {
 public:
  /// That whose loops this thread opens.
  static team& of_this_thread() {
    static thread_local leading const mine;
    return *mine.all;
  }

  /// Whether this thread is in a loop of a team. It opens no other one then.
  static bool& is_in_loop() {
    static constinit thread_local bool is = false;
    return is;
  }

  /// A loop for the first `threads` of them. They are made when they are first asked for; where the system has no more,
  /// the loop has those that there are.
  void run(int parts, int threads, loop_body const& body) {
    grow(threads);
    queues_.fill(parts, threads), wanted_ = threads, body_ = &body;
    is_in_loop() = true;
    open();
    queues_.work(0, body);
    unsigned now = state_.fetch_sub(is_open) - is_open;
    for (int moments = 0; now % is_open != 0; now = state_.load()) wait(now, moments);
    is_in_loop() = false;
  }

 private:
  struct leading {
    std::shared_ptr<team> const all = std::make_shared<team>();
    // Nobody is waited for, neither at the end of a program nor in the child of a fork, where the others do not exist.
    // What still runs on this thread, destructors of static objects for one, runs alone.
    ~leading() { is_in_loop() = true, all->is_over_ = true, all->open(); }
  };

  // The state of the last loop: how many others are in it; whether it is open to more; its number.
  static constexpr unsigned is_open = 1 << 12, one_loop = 2 * is_open;
  static constexpr int longest_spin = 2000;  // moments: 30 to 100 microseconds

  void grow(int threads) {
    struct follower {
      std::shared_ptr<team> all;
      int thread;
    };
    for (; size_ < std::min<int>(threads, is_open); ++size_) {
      auto one = std::make_unique<follower>(follower{shared_from_this(), size_});
      auto const start = [](void* of) -> void* {
        std::unique_ptr<follower> const me(static_cast<follower*>(of));
        me->all->follow(me->thread);
        return nullptr;
      };
      pthread_t made;  // <thread> would take a third of a second to compile
      if (pthread_create(&made, nullptr, start, one.get()) != 0) return;
      pthread_detach(made);
      one.release();
    }
  }

  void follow(int thread) {
    is_in_loop() = true;
    for (unsigned seen = 0;;) {
      seen = come_after(seen);
      if (is_over_) return;
      if (thread < wanted_) queues_.work(thread, *body_);
      bool const was_last = state_.fetch_sub(1) % one_loop == 1;  // of a loop that is closed
      if (was_last) wake();
    }
  }

  void open() {
    state_.store((state_.load() / one_loop + 1) * one_loop + is_open);
    wake();
  }

  /// Joins a loop other than number `seen`, and answers with its own.
  unsigned come_after(unsigned seen) {
    unsigned now = state_.load();
    for (int moments = 0;;) {
      bool const is_new = now / one_loop != seen && now / is_open % 2 == 1;
      if (!is_new)
        wait(now, moments), now = state_.load();
      else if (state_.compare_exchange_weak(now, now + 1))
        return now / one_loop;
    }
  }

  /// For a moment, or, after many, for another state.
  void wait(unsigned now, int& moments) {
    if (++moments < longest_spin) return wait_a_moment();
    ++asleep_;
    state_.wait(now);
    --asleep_;
  }

  void wake() {
    if (asleep_ > 0) state_.notify_all();
  }

  alignas(64) std::atomic<unsigned> state_ = 0;
  alignas(64) std::atomic<int> asleep_ = 0;
  part_queues queues_;
  loop_body const* body_ = nullptr;
  int size_ = 1, wanted_ = 0;
  bool is_over_ = false;
};

}  // namespace laminate
