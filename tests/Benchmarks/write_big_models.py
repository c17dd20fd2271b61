"""Writes models of the sizes that people share, one repo each: usage: write_big_models.py OUT"""

import json
import pathlib
import pickle
import struct
import sys
from collections import OrderedDict

import torch

out = pathlib.Path(sys.argv[1])


def place(repo, name):
    folder = out / repo
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def layers(count, width):
    for layer in range(count):
        for part in ("query", "key", "value", "output"):
            yield f"encoder.layer.{layer}.{part}.weight", torch.zeros(width, width).uniform_()
            yield f"encoder.layer.{layer}.{part}.bias", torch.zeros(width).uniform_()
        yield f"encoder.layer.{layer}.up.weight", torch.zeros(4 * width, width).uniform_()
        yield f"encoder.layer.{layer}.down.weight", torch.zeros(width, 4 * width).uniform_()


torch.save(OrderedDict(layers(12, 768)), place("acme/base", "pytorch_model.bin"))
torch.save(OrderedDict(layers(12, 768)), place("acme/base-legacy", "pytorch_model.bin"), _use_new_zipfile_serialization=False)
torch.save(OrderedDict(layers(2, 256)), place("acme/small", "pytorch_model.bin"))
torch.save(torch.nn.Sequential(torch.nn.Linear(2000, 2000), torch.nn.Linear(2000, 2000)), place("acme/module", "model.pt"))
place("acme/estimator", "model.pkl").write_bytes(pickle.dumps({"weights": [float(i) for i in range(300000)]}))

header, start, blocks = {}, 0, []
for name, tensor in layers(12, 768):
    size = tensor.numel() * 4
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, start + size]}
    start += size
    blocks.append(tensor.numpy().tobytes())
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(place("acme/safe", "model.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    file.writelines(blocks)

texts = [f"token{i}".encode() for i in range(32000)]
with open(place("acme/quantised", "model.gguf"), "wb") as file:
    file.write(b"GGUF" + struct.pack("<IQQ", 3, 1, 1))
    key = b"tokenizer.ggml.tokens"
    file.write(struct.pack("<Q", len(key)) + key + struct.pack("<IIQ", 9, 8, len(texts)))
    for token in texts:
        file.write(struct.pack("<Q", len(token)) + token)
    file.write(struct.pack("<Q", 1) + b"w" + struct.pack("<IQIQ", 1, 50 << 20, 0, 0))
    file.write(b"\0" * (200 << 20))
