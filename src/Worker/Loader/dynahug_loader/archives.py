"""Wrappers: archives and compressed files are opened here, inside the sandbox, and their members loaded by content.

Nothing is unpacked to a path: names of members, links and ``..`` among them are words in a report and no more.
"""

import pathlib
import tarfile
import zipfile

from . import packing, planning
from .budget import MEMBER_BYTES, MEMBERS
from .outcomes import CORRUPT, RAISED, UNSUPPORTED, Result, Unsupported, described

DEPTH = 5
ENCRYPTED = 0x1


def zip_members(source):
    yield from members_of_zip(source, lambda name: True)


def zip_others(source):
    """Members of an .npz that are no arrays; numpy gives them as bytes."""
    yield from members_of_zip(source, lambda name: not name.endswith(".npy"))


def members_of_zip(source, wanted):
    with source.open() as file, zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir() or not wanted(info.filename):
                continue
            if source.budget.is_used_up:
                return
            yield from member(source, info.filename, lambda: opened_of_zip(archive, info), info.file_size)


def opened_of_zip(archive, info):
    if info.flag_bits & ENCRYPTED:
        raise Unsupported("an encrypted member")
    return archive.open(info)


def tar_members(source):
    with source.open() as file, tarfile.open(fileobj=file) as archive:
        for info in archive:
            if source.budget.is_used_up:
                return
            if info.isreg():
                yield from member(source, info.name, lambda: archive.extractfile(info), info.size)


def seven_zip_members(source):
    """A 7z is one stream of all its members, so they are unpacked together or not at all."""
    try:
        import py7zr.py7zr  # only here: files of tensors do without, and each import costs every scan its memory
    except ImportError:
        yield refused(source, "", Unsupported("7z needs a library that is not installed"))
        return
    py7zr.py7zr.get_sanitized_output_path = lambda name, folder: pathlib.Path(name)  # nothing is put there, so there is nothing to look up
    with source.open() as file:
        with py7zr.SevenZipFile(file) as archive:
            if archive.needs_password():
                yield refused(source, "", Unsupported("encrypted"))
                return
            infos = [info for info in archive.list() if not info.is_directory]
            total = sum(info.uncompressed for info in infos)
            if total > MEMBER_BYTES or len(infos) > MEMBERS:
                yield refused(source, "", Unsupported(f"{len(infos)} members of {total} bytes, more than is unpacked of a 7z"))
                return
            contents = archive.read([info.filename for info in infos]) or {}  # readall would make the folders
        for name, content in contents.items():
            if source.budget.is_used_up:
                return
            yield from member(source, name, lambda: content, content.getbuffer().nbytes)


def decompressed(kind):
    def unpacked(source):
        with source.open() as file:
            yield from member(source, kind, lambda: packing.opened(kind, file))

    return unpacked


def member(source, name, opener, size=0):
    """Results of one member; content that no loader runs yields none, as an archive may hold any amount of it.

    ``size`` is what the archive claims: it saves the work on an honest bomb, and a lying one is cut off while reading.
    """
    try:
        if source.depth >= DEPTH:
            raise Unsupported(f"archives nested deeper than {DEPTH}")
        source.budget.check(size)
        with opener() as stream:
            data = stream.read(MEMBER_BYTES + 1)
        source.budget.spend(len(data))
    except BaseException as error:
        yield refused(source, name, error)
        return
    inner = source.member(name, data)
    for step in planning.steps_for(inner):
        for result in step(inner):
            if result.loader != "none":
                yield result


def refused(source, name, error):
    """The result of content that could not be taken out of its archive."""
    if isinstance(error, (Unsupported, NotImplementedError)):
        outcome = UNSUPPORTED
    else:
        outcome = RAISED if isinstance(error, (MemoryError, SystemExit)) else CORRUPT
    return Result("archive", f"{source.name}!{name}"[:200], outcome, described(error))
