#include "peer.hpp"

namespace bench {

std::unique_ptr<peer> make_libtorch(peer_network const&, bool, int) { return nullptr; }
std::string libtorch_version() { return {}; }

}  // namespace bench
