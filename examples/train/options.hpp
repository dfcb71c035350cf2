// What the training program can be told on its command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

struct train_options {
  std::string network = "resnet8";
  std::string policy = "fused";
  int epochs = 3;
  int batch = 64;
  double lr = 0.1;
  std::uint64_t seed = 1;
  int threads = 0;             ///< 0: as many as OpenMP takes
  int images = 0;              ///< train on so many only; 0: all
  std::filesystem::path data;  ///< folder of the four IDX files
  std::filesystem::path json;
  std::filesystem::path html;
  std::filesystem::path save;
  std::string commit;  ///< of the sources that this program was compiled from; empty where git does not know
};

/// Reads the command line; on --help or a mistake it prints and ends the program.
train_options read_options(int argc, char** argv);
