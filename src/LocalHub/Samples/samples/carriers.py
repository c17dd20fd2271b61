"""Turns objects into the bytes of each file format, with the library that owns the format, and the same bytes every time."""

import builtins
import io
import json
import pickle
import struct

import cloudpickle
import dill
import joblib
import numpy
import torch


def torch_zip(value):
    """``torch.save`` as it is since torch 1.6: a stored zip with data.pkl and one member a storage. Its dates are empty."""
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


class _StorageNames(type):
    """Stands in for ``str`` in torch.serialization, where the legacy writer names each storage by its address."""

    def __instancecheck__(cls, value):
        return builtins.isinstance(value, builtins.str)

    def __call__(cls, value=""):
        if not builtins.isinstance(value, int):
            return builtins.str(value)
        return builtins.str(cls.first + 64 * cls.seen.setdefault(value, len(cls.seen)))


def torch_legacy(value):
    """``torch.save`` of old: five pickles, then the storages. Addresses, different in each run, become numbers in order."""
    names = _StorageNames("str", (), {"first": 94_000_000_000_000, "seen": {}})
    buffer = io.BytesIO()
    torch.serialization.str = names
    try:
        torch.save(value, buffer, _use_new_zipfile_serialization=False)
    finally:
        del torch.serialization.str
    return buffer.getvalue()


def torchscript(module):
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(module), buffer)
    return buffer.getvalue()


def plain_pickle(value, protocol=4):
    return pickle.dumps(value, protocol=protocol)


def joblib_plain(value):
    buffer = io.BytesIO()
    joblib.dump(value, buffer)
    return buffer.getvalue()


def joblib_compressed(value, method="zlib"):
    buffer = io.BytesIO()
    joblib.dump(value, buffer, compress=(method, 3))
    return buffer.getvalue()


def numpy_array(value):
    """A .npy file: raw numbers, or a pickle if the array holds objects."""
    buffer = io.BytesIO()
    numpy.save(buffer, value, allow_pickle=True)
    return buffer.getvalue()


def numpy_zip(arrays):
    buffer = io.BytesIO()
    numpy.savez(buffer, **arrays)
    return buffer.getvalue()


def dill_pickle(value):
    return dill.dumps(value, protocol=4)


def cloud_pickle(value):
    return cloudpickle.dumps(value, protocol=4)


_SAFETENSORS_NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int8: "I8"}


def safetensors(tensors):
    """The safetensors format, which Debian has no package for: u64 header length, JSON header, the tensors' bytes."""
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.contiguous().view(-1).view(torch.int8).numpy().tobytes()
        header[name] = {"dtype": _SAFETENSORS_NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(blobs)


def gguf(rng):
    """A GGUF version 3 header with one metadata pair and one small tensor: statically readable, nothing to execute."""
    def text(value):
        return struct.pack("<Q", len(value)) + value.encode()

    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("general.architecture") + struct.pack("<I", 8) + text("llama")
    head += text("token_embd.weight") + struct.pack("<IQQIQ", 2, 32, 64, 0, 0)
    return head + bytes(-len(head) % 32) + rng.randbytes(32 * 64 * 4)


def hdf5(rng):
    """The superblock of an HDF5 file, the mark of PyTables, and noise: a format that the sandbox has no loader for."""
    content = b"PYTABLES_FORMAT_VERSION" + rng.randbytes(40_000)
    head = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0]) + bytes(20)
    return head + struct.pack("<Q", len(head) + 8 + 48 + len(content)) + bytes(48) + content
