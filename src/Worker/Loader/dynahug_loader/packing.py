"""Streams of compressed content. Compressors that this machine lacks are None; their content is then unsupported, never clean."""

import bz2
import gzip
import io
import lzma

from joblib.compressor import BinaryZlibFile

from .outcomes import Unsupported

try:
    import lz4.frame as lz4_frame
except ImportError:
    lz4_frame = None
try:
    import zstandard
except ImportError:
    zstandard = None

BUFFER = 1 << 20
LARGEST_WINDOW = 1 << 27
"""A zstd frame may ask for gigabytes to look back into; this is the most that its own tools take unasked."""


def _zstd(file):
    return zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW).stream_reader(file, read_across_frames=True)


OPENERS = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zlib": lambda file: BinaryZlibFile(file, "rb"),
    "lz4": lz4_frame and lz4_frame.LZ4FrameFile,
    "zstd": zstandard and _zstd,
}


def is_packed(kind):
    return kind in OPENERS


def opened(kind, file):
    """The decompressed content, buffered, with ``peek`` as joblib wants it. Raises Unsupported where the compressor is not there."""
    opener = OPENERS[kind]
    if opener is None:
        raise Unsupported(f"{kind} needs a library that is not installed")
    return io.BufferedReader(opener(file), BUFFER)


def head(kind, file, size):
    """First decompressed bytes, to see what is inside; empty where they cannot be read."""
    try:
        return opened(kind, file).read(size)
    except Exception:
        return b""
