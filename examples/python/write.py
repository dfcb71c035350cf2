#!/usr/bin/env python3
"""Writes weights for Laminate's load and load_npz: python3 write.py FOLDER makes FOLDER/python.safetensors and .npz."""
import json
import struct
import sys

import numpy as np

from forward import forward


def save(path, arrays, metadata=None):
    """safetensors: 8 bytes of length, a JSON header padded with spaces, and the numbers, those of 8 bytes first."""
    names = {"f4": "F32", "f8": "F64", "i8": "I64"}
    header, offset = {"__metadata__": metadata or {}}, 0
    arrays = {k: np.asarray(arrays[k], order="C") for k in sorted(arrays, key=lambda k: -arrays[k].itemsize)}
    for name, a in arrays.items():
        header[name] = {"dtype": names[a.dtype.str[1:]], "shape": a.shape, "data_offsets": [offset, offset + a.nbytes]}
        offset += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for a in arrays.values():
            file.write(a.tobytes())


if __name__ == "__main__":
    random = np.random.default_rng(1)
    shapes = {"0.weight": (6, 2, 3, 3), "3.body.0.weight": (6, 6, 3, 3), "7.weight": (3, 24), "7.bias": (3,)}
    weights = {name: random.normal(size=shape, scale=0.3).astype("<f4") for name, shape in shapes.items()}
    for bn in ("1", "3.body.1"):
        for part in ("weight", "bias", "running_mean", "running_var"):
            weights[f"{bn}.{part}"] = random.uniform(0.5, 1.5, size=6)  # double: it is converted
    weights["7.weight"] = np.asfortranarray(weights["7.weight"])  # as a transposed matrix is
    x = random.normal(size=(4, 2, 8, 8)).astype("<f4")
    weights |= {"extra.x": x, "extra.y": forward(weights, x).astype("<f4")}
    save(f"{sys.argv[1]}/python.safetensors", weights, {"made by": "write.py"})
    np.savez_compressed(f"{sys.argv[1]}/python.npz", **weights)
