// What the suite `fusion` measures; each network is compiled in a file of its own.
#pragma once

#include <string>
#include <vector>

#include "../row.hpp"

namespace bench {

using measurement = std::vector<row> (*)(std::string const& name, double peak, std::vector<int> const& batches,
                                         int threads, int rounds);

std::vector<row> fuse_resnet20(std::string const&, double, std::vector<int> const&, int, int);
std::vector<row> fuse_lenet(std::string const&, double, std::vector<int> const&, int, int);
std::vector<row> fuse_mlp(std::string const&, double, std::vector<int> const&, int, int);
std::vector<row> fuse_block_16(std::string const&, double, std::vector<int> const&, int, int);
std::vector<row> fuse_block_64(std::string const&, double, std::vector<int> const&, int, int);
std::vector<row> fuse_pre_activation(std::string const&, double, std::vector<int> const&, int, int);
std::vector<row> fuse_gelu(std::string const&, double, std::vector<int> const&, int, int);

struct fusion_network {
  char const* name;
  measurement measure;
};

inline std::vector<fusion_network> fusion_networks() {
  return {{"ResNet-20", fuse_resnet20},   {"LeNet-5", fuse_lenet},        {"MLP", fuse_mlp},
          {"block 16@32", fuse_block_16}, {"block 64@28", fuse_block_64}, {"pre-act 32@16", fuse_pre_activation},
          {"Conv-BN-GELU 16", fuse_gelu}};
}

}  // namespace bench
