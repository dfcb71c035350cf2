// A data set in batches: shuffled and augmented for learning, in order for judging.
#pragma once

#include <laminate/data/augment.hpp>
#include <laminate/data/dataset.hpp>
#include <laminate/support/error.hpp>
#include <laminate/support/random.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace laminate {

/// Views of one batch, valid until the next one: `images` is (size, C, H, W) row-major.
struct batch {
  int index = 0;
  std::span<float const> images;
  std::span<int const> labels;

  int size() const { return static_cast<int>(labels.size()); }
};

/// How batches are made. The last one is smaller where the size does not divide the set; it can be dropped.
struct batching {
  int size = 64;
  std::uint64_t seed = 0;
  bool shuffle = true;
  bool drop_last = false;
  augmentation augment{};
};

/// `batches training(data.train, {.size = 128, .seed = 1}); for (batch const& b : training.epoch(3)) …`
/// Order and augmentation of an epoch follow from (seed, epoch) alone, so a stopped run continues at any
/// epoch, and at any batch of it, exactly as if it had never stopped. The data set must outlive this; buffers
/// are allocated once.
class batches {
 public:
  batches(dataset const& data, batching how) : data_(&data), how_(how) {
    data.check();
    how_.augment.check(data.sample);
    if (how_.size < 1) throw error("batches", "expected a size of at least 1, found " + std::to_string(how_.size));
    if (data.size() < (how_.drop_last ? how_.size : 1))
      throw error("batches", "expected at least one batch of " + std::to_string(how_.size) + ", found " +
                                 std::to_string(data.size()) + " samples");
    order_.resize(data.labels.size());
    std::size_t const most = static_cast<std::size_t>(std::min(how_.size, data.size()));
    images_.resize(most * static_cast<std::size_t>(data.sample.size()));
    labels_.resize(most);
  }
  batches(dataset const&&, batching) = delete;

  /// For judging: every sample once, in the order of the set, unchanged. `test.epoch(0)` runs through it.
  static batches in_order(dataset const& data, int size) { return {data, {.size = size, .shuffle = false}}; }

  /// Batches in an epoch.
  int count() const { return how_.drop_last ? data_->size() / how_.size : (data_->size() - 1) / how_.size + 1; }

  /// Most samples in a batch.
  int capacity() const { return static_cast<int>(labels_.size()); }

  class iterator {
   public:
    iterator(batches& from, int index) : from_(&from), current_(from.load(index)) {}
    batch const& operator*() const { return current_; }
    iterator& operator++() {
      current_ = from_->load(current_.index + 1);
      return *this;
    }
    /// Past the last batch.
    bool operator==(std::nullptr_t) const { return current_.index >= from_->count(); }

   private:
    batches* from_;
    batch current_;
  };

  /// One epoch as a range. It uses the buffers of its `batches`: one at a time.
  struct pass {
    batches* from;
    int epoch;
    int first;

    iterator begin() const {
      from->arrange(epoch);
      return {*from, first};
    }
    std::nullptr_t end() const { return nullptr; }
  };

  /// The batches of an epoch, from number `first` on.
  pass epoch(int epoch, int first = 0) & { return {this, epoch, std::max(first, 0)}; }

 private:
  /// Shuffles from the identity, never from the order of another epoch (Fisher and Yates, Durstenfeld 1964).
  void arrange(int epoch) {
    epoch_ = epoch;
    if (data_->labels.size() != order_.size()) throw error("batches", "the data set has changed its size");
    std::iota(order_.begin(), order_.end(), 0);
    if (!how_.shuffle) return;
    generator random(hash_of(hash_of(how_.seed, shuffling), static_cast<std::uint64_t>(epoch)));
    for (std::size_t left = order_.size(); left > 1; --left)
      std::swap(order_[left - 1], order_[random.below(static_cast<std::uint32_t>(left))]);
  }

  batch load(int index) {
    if (index >= count()) return {index, {}, {}};
    std::size_t const begin = static_cast<std::size_t>(index) * labels_.size();
    std::size_t const size = std::min(labels_.size(), order_.size() - begin);
    std::size_t const numbers = static_cast<std::size_t>(data_->sample.size());
    for (std::size_t i = 0; i < size; ++i) {
      int const sample = order_[begin + i];
      labels_[i] = data_->labels[static_cast<std::size_t>(sample)];
      copy(sample, {images_.data() + i * numbers, numbers});
    }
    return {index, {images_.data(), size * numbers}, {labels_.data(), size}};
  }

  void copy(int sample, std::span<float> to) const {
    std::span<float const> const from = data_->image(sample);
    if (how_.augment.changes_images())
      augment(how_.augment, how_.seed, epoch_, sample, data_->sample, from, to);
    else
      std::copy(from.begin(), from.end(), to.begin());
  }

  /// Keeps the order's random numbers apart from those of the augmentation, which hash the epoch first.
  static constexpr std::uint64_t shuffling = 0x73687566666c6521;

  dataset const* data_;
  batching how_;
  int epoch_ = 0;
  std::vector<int> order_;
  std::vector<float> images_;
  std::vector<int> labels_;
};

}  // namespace laminate
