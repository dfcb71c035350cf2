#!/usr/bin/env python3
"""Reads weights that Laminate has saved, as safetensors or NPZ, and runs their network with NumPy alone.

python3 forward.py net.safetensors: the network is that of tests/python/exchange.cpp,
    Network<Image<2, 8, 8>, Conv<3, 6, Stride<2>>, BN, ReLU,
            Residual<Conv<3, 6>, BN>, ReLU, MaxPool<2>, Flatten, Dense<3>>
and the file holds inputs and outputs beside the weights, as extra.x and extra.y.
"""
import json
import struct
import sys

import numpy as np


def load(path):
    """Arrays by name."""
    if path.endswith(".npz"):
        with np.load(path) as file:
            return dict(file)
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    types = {"F32": np.float32, "F64": np.float64, "I64": np.int64}
    return {name: np.frombuffer(data[slice(*t["data_offsets"])], types[t["dtype"]]).reshape(t["shape"])
            for name, t in header.items() if name != "__metadata__"}


def conv(x, w, stride=1):
    padding = w.shape[2] // 2
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwij,fcij->nfhw", windows, w)


def batch_norm(x, weights, name, eps=1e-5):
    g, b, mean, var = (weights[f"{name}.{part}"][:, None, None]
                       for part in ("weight", "bias", "running_mean", "running_var"))
    return (x - mean) / np.sqrt(var + eps) * g + b


def forward(weights, x):
    relu = lambda x: np.maximum(x, 0)
    x = relu(batch_norm(conv(x, weights["0.weight"], stride=2), weights, "1"))
    x = relu(x + batch_norm(conv(x, weights["3.body.0.weight"]), weights, "3.body.1"))
    x = x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2).max(axis=(3, 5))
    return x.reshape(len(x), -1) @ weights["7.weight"].T + weights["7.bias"]


if __name__ == "__main__":
    weights = load(sys.argv[1])
    y = forward(weights, weights["extra.x"].reshape(-1, 2, 8, 8))
    apart = np.abs(y - weights["extra.y"].reshape(y.shape)).max()
    print(f"{len(y)} samples, outputs apart by at most {apart:.1e}")
    sys.exit(int(apart > 1e-5 * np.abs(y).max()))
