// Brings the next sample's tensors near while the kernel computes on this one.
#pragma once

#include <algorithm>
#include <laminate/kernels/state.hpp>

namespace laminate::kernels {

/// A list of memory to bring into the second-level cache, a little at a time. Load and store
/// sides stream tensors that were made long ago; without this they wait for memory while the
/// kernel's arithmetic idles, and the other way round.
class prefetch_list {
 public:
  static constexpr long line = 64;
  /// More than this would push out what the kernel works on.
  static constexpr long most_bytes = 512 * 1024;

  void add(void const* from, long bytes) {
    if (count_ == pieces_.size() || total_ + bytes > most_bytes) return;
    pieces_[count_++] = {static_cast<char const*>(from), bytes};
    total_ += bytes;
  }

  /// Spreads the work over so many calls of some().
  void spread_over(long calls) { calls_ = calls, left_ = total_ / line; }

  void some() {
    long lines = calls_ > 0 ? (left_ + calls_ - 1) / calls_ : 0;
    --calls_;
    while (lines > 0 && piece_ < count_) {
      long const rest = (pieces_[piece_].bytes - at_ + line - 1) / line, now = std::min(lines, rest);
      char const* from = take(now * line);
      for (long i = 0; i < now; ++i, from += line) __builtin_prefetch(from, 0, 2);
      lines -= now;
    }
  }

  /// The next so many bytes, for a kernel that brings them near while it computes: a burst of lines waits for memory.
  /// They may go beyond their tensor. Null where nothing is left.
  char const* take(long bytes) {
    if (piece_ >= count_) return nullptr;
    char const* const from = pieces_[piece_].from + at_;
    at_ += bytes;
    left_ -= bytes / line;
    if (at_ >= pieces_[piece_].bytes) ++piece_, at_ = 0;
    return from;
  }

 private:
  struct piece {
    char const* from = nullptr;
    long bytes = 0;
  };
  std::array<piece, 24> pieces_{};
  std::size_t count_ = 0, piece_ = 0;
  long total_ = 0, at_ = 0;
  long left_ = 0, calls_ = 0;  ///< lines, and calls that share them
};

/// What a step will read of `samples` samples from `next` on, to be brought near during `calls` strips.
template<class T>
prefetch_list tensors_of_next(run_state<T> const& state, fusion::step const& s, int next, int samples, long calls) {
  prefetch_list list;
  auto add = [&](int t) {
    if (t >= 0) list.add(state.tensor(t, next), samples * state.tensors[t].stride * static_cast<long>(sizeof(T)));
  };
  for (int t : s.inputs) add(t);
  for (auto const& side : s.load)
    for (int t : side.tensors)
      if (t != s.inputs[0] && t != s.inputs[1]) add(t);
  for (int t : s.store.tensors) add(t);
  list.spread_over(calls);
  return list;
}

}  // namespace laminate::kernels
