"""Pickle opcodes by hand, for streams that no pickler writes. Names are those of Python's pickle module."""

import pickle as op
import struct

PROTOCOL_4 = op.PROTO + b"\x04"


def text(value):
    data = value.encode()
    return op.BINUNICODE + struct.pack("<I", len(data)) + data


def put(index):
    return op.BINPUT + bytes([index])


def get(index):
    return op.BINGET + bytes([index])


def named(module, name):
    return op.GLOBAL + f"{module}\n{name}\n".encode()


def call(function, *arguments):
    """Opcodes that push the function, push the arguments and call it; the result stays on the stack."""
    return function + op.MARK + b"".join(arguments) + op.TUPLE + op.REDUCE


def stream(*parts):
    return PROTOCOL_4 + b"".join(parts) + op.STOP
