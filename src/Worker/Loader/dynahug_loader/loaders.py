"""One function for every way that users load a file. Each yields a result for every attempt that it made."""

import io
import mmap
import re
import zipfile

import joblib
import numpy
import torch

from . import packing, unpickling
from .outcomes import LOADED, Unsupported, attempt

STREAMS = 64
"""Most pickles read one after another from one file."""

RESUMPTIONS = 16
"""Most places tried after a stream that broke or a gap."""

SEARCHED = 256 << 20
PLAUSIBLE_START = re.compile(rb"\x80[\x02-\x05][\x95c(}\]\x8c\x8aXKJ)]|c[a-zA-Z_][\w.]*\n[a-zA-Z_][\w.]*\n|\([icS]")


def torch_zip(source):
    yield attempt("torch.load", source.name, lambda: torch.load(source.openable(), map_location="cpu"))
    yield from other_pickles(source)


def torchscript(source):
    yield attempt("torch.jit.load", source.name, lambda: torch.jit.load(source.openable(), map_location="cpu"))
    yield from other_pickles(source)


def torch_legacy(source):
    result = attempt("torch.load", source.name, lambda: torch.load(source.openable(), map_location="cpu"))
    yield result
    if result.outcome != LOADED:
        yield from resumed(source, 0)


def joblib_file(source):
    with source.open() as file:
        result = attempt("joblib.load", source.name, lambda: joblib.load(file))
        yield result
        rest = file.tell() if result.outcome == LOADED else 0
    if rest < source.size:
        yield from resumed(source, rest)


def compressed_joblib(kind):
    """What joblib itself does with a compressed file, but for what follows the first pickle in it: that is looked at too."""
    def load(source):
        with source.open() as file:
            opened = []

            def first():
                opened.append(packing.opened(kind, file))
                joblib.load(opened[0])

            result = attempt("joblib.load", source.name, first)
            yield result
            if opened:
                yield from pickles_in(rest_of(opened[0]), source.name, 0)

    return load


def rest_of(stream):
    try:
        return stream.read(SEARCHED)
    except Exception:  # of a damaged stream, whose damage the load has met already
        return b""


def numpy_file(source):
    def load():
        loaded = numpy.load(source.openable(), allow_pickle=True)
        if isinstance(loaded, numpy.lib.npyio.NpzFile):
            with loaded:
                for name in loaded.files:
                    loaded[name]

    yield attempt("numpy.load", source.name, load)


def nothing(source):
    def load():
        raise Unsupported("no loader here runs this content")

    yield attempt("none", source.name, load)


def pickle_streams(source):
    """All pickles of a file, one after another; where one breaks or a gap follows, on from the next plausible place."""
    with source.open() as file:
        start = 0
        for count in range(STREAMS):
            result = attempt("pickle.load", source.name, lambda: unpickling.load(file), beside=count > 0)
            yield result
            if result.outcome != LOADED:
                break
            start = file.tell()
            if start >= source.size:
                return
    yield from resumed(source, start)


def resumed(source, start):
    """Tries every plausible pickle after ``start``; what a broken or unknown beginning hides may still be loaded by someone."""
    with source.open() as file:
        data = contents(file, source)
        yield from pickles_in(data, source.name, start + 1 if start == 0 else start)


def pickles_in(data, name, position):
    for _ in range(RESUMPTIONS):
        found = PLAUSIBLE_START.search(data, position, position + SEARCHED)
        if found is None:
            return
        stream = io.BytesIO(data[found.start():found.start() + SEARCHED])
        result = attempt("pickle.load", f"{name}@{found.start()}", lambda: unpickling.load_stream(stream), beside=True)
        yield result
        position = found.start() + (stream.tell() if result.outcome == LOADED else 1)


def contents(file, source):
    return source.data if source.path is None else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def zip_behind(source):
    """A zip that something else stands in front of: libraries for zips look for its end, and would load this half of a polyglot."""
    yield from each_pickle(source, lambda info, seen: True)


def other_pickles(source):
    """Pickles of a torch archive that torch.load passes by: duplicate names and strange places, which other readers would open."""
    yield from each_pickle(source, lambda info, seen: info.filename in seen or not is_torchs_own(info.filename))


def is_torchs_own(name):
    folder, _, base = name.rpartition("/")
    return base in ("data.pkl", "constants.pkl") and "/" not in folder


def each_pickle(source, wanted):
    with source.open() as file, zipfile.ZipFile(file) as archive:
        seen = set()
        for info in archive.infolist():
            if info.filename.endswith((".pkl", ".pickle", ".pk")) and info.file_size < SEARCHED and wanted(info, seen):
                data = archive.read(info)
                yield attempt("pickle.load", f"{source.name}!{info.filename}"[:200], lambda: unpickling.load_stream(io.BytesIO(data)), beside=True)
            seen.add(info.filename)
