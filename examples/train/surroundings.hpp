// What is the same for every network: the data before the training, and the tables and files after it. Kept apart from
// the networks, so that it is compiled once.
#pragma once

#include <laminate/data/dataset.hpp>
#include <laminate/data/scaling.hpp>
#include <laminate/io/checkpoint/tensors.hpp>
#include <laminate/train/fit_options.hpp>

#include <vector>

#include "../../benchmarks/row.hpp"
#include "options.hpp"

/// Standardised images, and the scaling that was measured on the training set.
struct scaled_images {
  laminate::split images;
  laminate::standardisation scaling;
};

/// Fashion-MNIST from o.data or where it is installed, else figures that the library draws.
scaled_images load_data(train_options const& o);

/// How to train on so many images: SGD with momentum, a short warm-up and a cosine.
laminate::fit_options<> recipe(train_options const& o, int images);

/// What cannot be written is better known before the training than after it.
void check_writable(train_options const& o);

/// The commit, and the names of the classes where it is known which they are.
laminate::notes describe(train_options const& o);

/// Prints rows of fused against unfused and, as the last lines, the accuracy and the step's ratio; all of it also goes
/// to o.json.
void report(train_options const& o, char const* network, double accuracy, std::vector<bench::row> const& rows);
