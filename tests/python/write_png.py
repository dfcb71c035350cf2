"""python3 write_png.py FILE WIDTH HEIGHT: a grey PNG of a light bar on dark, written with the standard library alone."""
import struct
import sys
import zlib

width, height = int(sys.argv[2]), int(sys.argv[3])
rows = b"".join(b"\0" + bytes(220 if width // 3 < x < 2 * width // 3 else 10 for x in range(width)) for _ in range(height))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


with open(sys.argv[1], "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
               chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
