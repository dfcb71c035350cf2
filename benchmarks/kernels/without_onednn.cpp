// The suite without a peer.
#include "peer.hpp"

std::vector<bench::convolution_peer> bench::convolution_peers(convolution_data const&, laminate::direction) {
  return {};
}

bool bench::has_convolution_peers() { return false; }
