"""Wrappers: archives and compressed files are opened here, inside the sandbox, and their members loaded by content."""

import bz2
import gzip
import lzma
import tarfile
import zipfile

from . import planning
from .outcomes import CORRUPT, RAISED, Unsupported, attempt, described, Result

DEPTH = 3
MEMBERS = 256
MEMBER_BYTES = 256 << 20
"""Read into memory whole: /tmp is memory too, and a member in a file would look like a file written by the load."""

ARCHIVE_BYTES = 512 << 20
"""Of all members together; what expands further is a bomb or needs more memory than the sandbox has."""

OPENERS = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}


def zip_members(source):
    yield from members_of_zip(source, lambda name: True)


def zip_others(source):
    """Members of an .npz that are no arrays; numpy gives them as bytes."""
    yield from members_of_zip(source, lambda name: not name.endswith(".npy"))


def members_of_zip(source, wanted):
    with source.open() as file, zipfile.ZipFile(file) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and wanted(info.filename)]
        left = ARCHIVE_BYTES
        for info in infos[:MEMBERS]:
            left -= info.file_size
            yield from member(source, info.filename, lambda: archive.open(info), info.file_size if left >= 0 else MEMBER_BYTES + 1)


def tar_members(source):
    with source.open() as file, tarfile.open(fileobj=file) as archive:
        left = ARCHIVE_BYTES
        for count, info in enumerate(archive):
            left -= info.size
            if count >= MEMBERS or left < 0:
                return
            if info.isreg():
                yield from member(source, info.name, lambda: archive.extractfile(info), info.size)


def seven_zip_members(source):
    def load():
        raise Unsupported("7z archives need a library that is not installed")

    yield attempt("7z", source.name, load)


def decompressed(kind):
    def step(source):
        yield from member(source, kind, lambda: OPENERS[kind](source.open()))

    return step


def member(source, name, opener, size=0):
    """Results of one member; content that no loader runs yields none, as an archive may hold any amount of it.

    ``size`` is what the archive claims: it saves the work on an honest bomb, and a lying one is cut off while reading.
    """
    try:
        if size > MEMBER_BYTES:
            raise Unsupported(f"members of over {MEMBER_BYTES} bytes, or of over {ARCHIVE_BYTES} together")
        if source.depth >= DEPTH:
            raise Unsupported(f"archives nested deeper than {DEPTH}")
        with opener() as stream:
            data = stream.read(MEMBER_BYTES + 1)
        if len(data) > MEMBER_BYTES:
            raise Unsupported(f"a member over {MEMBER_BYTES} bytes")
    except Unsupported as error:
        yield Result("archive", f"{source.name}!{name}"[:200], "unsupported", described(error))
        return
    except BaseException as error:
        outcome = CORRUPT if not isinstance(error, (MemoryError, SystemExit)) else RAISED
        yield Result("archive", f"{source.name}!{name}"[:200], outcome, described(error))
        return
    inner = source.member(name, data)
    for step in planning.steps_for(inner):
        for result in step(inner):
            if result.loader != "none":
                yield result
