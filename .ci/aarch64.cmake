# Compiles for 64-bit ARM on Debian, and runs what is built under qemu. Headers and CMake's packages of them are this
# machine's, libraries are ARM's: of g++-aarch64-linux-gnu, and by Debian's multiarch libjansson-dev:arm64 and
# zlib1g-dev:arm64 (dpkg --add-architecture arm64); without them what reads or writes files is left out.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
list(APPEND CMAKE_PREFIX_PATH /usr/lib/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu/cmake)
find_program(LAMINATE_QEMU NAMES qemu-aarch64 qemu-aarch64-static)
set(CMAKE_CROSSCOMPILING_EMULATOR ${LAMINATE_QEMU} -L /usr/aarch64-linux-gnu)
