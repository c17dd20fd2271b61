"""One loader a format, chosen by what the file holds; containers are opened and their members loaded likewise."""

import io
import os
import sys
import tempfile

import recorder

MAX_DEPTH = 3
MAX_MEMBERS = 256
MAX_UNPACKED = 48 << 20
MAX_STREAMS = 64
MAX_ERROR = 400


class Unsupported(Exception):
    """No loader here opens the file."""


def load(path, file_format):
    """Loads the file by every loader that would take it; gives the report of the load."""
    recorder.install()
    recorder.recorded.clear()
    names = loaders_of(path, file_format)
    report = {"outcome": "loaded", "error": "", "loaders": names}
    for name in names:
        try:
            LOADERS[name](path, 0)
        except Unsupported as reason:
            report.update(outcome="unsupported", error=str(reason)[:MAX_ERROR])
        except BaseException as error:  # SystemExit and KeyboardInterrupt are the file's doing, too.
            if report["outcome"] == "loaded":
                report.update(outcome="raised", error=describe(error))
    report["recorded"] = list(recorder.recorded)
    return report


def describe(error):
    try:
        text = str(error)
    except BaseException:
        text = "?"
    return ("%s: %s" % (type(error).__name__, text))[:MAX_ERROR]


def loaders_of(path, file_format):
    """The format's own loader, and the other one where a file can be read as both a pickle and an archive."""
    names = [file_format if file_format in LOADERS else sniff(path)]
    with open(path, "rb") as file:
        start = file.read(2)
    if names[0] in ("torch-zip", "torchscript", "zip", "numpy-zip") and start != b"PK":
        names.append("pickle")
    elif names[0] == "pickle" and is_archive(path):
        names.append("zip")
    return names


def is_archive(path):
    import zipfile

    return zipfile.is_zipfile(path)


def sniff(path):
    """The format by its first bytes, for members of containers."""
    import tarfile
    import zipfile

    with open(path, "rb") as file:
        head = file.read(512)
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except zipfile.BadZipFile:
            return "zip"
        if any(name.endswith("/data.pkl") or name == "data.pkl" for name in names):
            return "torchscript" if any("/code/" in name for name in names) else "torch-zip"
        return "numpy-zip" if names and all(name.endswith(".npy") for name in names) else "zip"
    if head.startswith(b"\x93NUMPY"):
        return "numpy"
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x5d\x00", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x04\x22\x4d\x18")):
        return "compressed"
    if head[257:262] == b"ustar" or tarfile.is_tarfile(path):
        return "tar"
    if is_torch_legacy(head):
        return "torch-legacy"
    return "pickle"


def is_torch_legacy(head):
    """The magic number that torch.save writes first: a pickled long of 10 bytes."""
    return b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19" in head[:32]


def load_torch(path, depth):
    import torch

    torch.load(path, map_location="cpu", pickle_module=recorder.pickle)


def load_torchscript(path, depth):
    import torch

    torch.jit.load(path, map_location="cpu")


def load_pickle(path, depth):
    """Every stream of the file: some readers go on after the first, and some payloads wait for them there."""
    size = os.path.getsize(path)
    first_error = None
    with open(path, "rb") as file:
        for _ in range(MAX_STREAMS):
            before = file.tell()
            if before >= size:
                break
            try:
                recorder.load(file, encoding="latin1")
            except (SystemExit, KeyboardInterrupt):
                raise
            except BaseException as error:
                if before == 0:
                    first_error = error
                position = next_stream(path, max(file.tell(), before + 1))
                if position is None:
                    break
                file.seek(position)
    if first_error is not None:
        raise first_error


def next_stream(path, position):
    """Where the next stream may start after a broken one: at a protocol mark."""
    with open(path, "rb") as file:
        file.seek(position)
        rest = file.read(1 << 20)
    found = [rest.find(bytes([0x80, protocol])) for protocol in range(2, 6)]
    found = [offset for offset in found if offset >= 0]
    return position + min(found) if found else None


def load_joblib(path, depth):
    import joblib

    joblib.load(path)


def load_numpy(path, depth):
    import numpy

    loaded = numpy.load(path, allow_pickle=True)
    if hasattr(loaded, "files"):
        with loaded:
            for name in loaded.files:
                loaded[name]


def load_zip(path, depth):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        load_members(((member.filename, lambda member=member: archive.open(member)) for member in members), depth)


def load_tar(path, depth):
    import tarfile

    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        load_members(((member.name, lambda member=member: archive.extractfile(member)) for member in members), depth)


def load_compressed(path, depth):
    """A compressed tar is a container; anything else that is compressed is what joblib and pandas write."""
    import tarfile

    if tarfile.is_tarfile(path):
        load_tar(path, depth)
    else:
        load_joblib(path, depth)


def load_members(members, depth):
    if depth >= MAX_DEPTH:
        raise Unsupported("archives are nested more than %d deep" % MAX_DEPTH)
    unpacked = 0
    first_error = None
    for number, (name, open_member) in enumerate(members):
        if number >= MAX_MEMBERS:
            raise Unsupported("an archive of more than %d files" % MAX_MEMBERS)
        with open_member() as source:
            content = source.read(MAX_UNPACKED - unpacked + 1)
        unpacked += len(content)
        if unpacked > MAX_UNPACKED:
            raise Unsupported("an archive that unpacks to more than %d MiB" % (MAX_UNPACKED >> 20))
        if not may_load(name, content):
            continue
        try:
            load_member(name, content, depth)
        except Unsupported:
            raise
        except BaseException as error:
            first_error = first_error or error
    if first_error is not None:
        raise first_error


def may_load(name, content):
    """Text and pictures are no models; what starts like one of ours is, whatever its name."""
    known = name.lower().rsplit(".", 1)[-1] in ("bin", "pt", "pth", "ckpt", "pkl", "pickle", "joblib", "dill", "npy", "npz", "model", "dat", "data", "zip", "tar", "gz")
    magic = content[:1] == b"\x80" or content[:2] in (b"PK", b"\x1f\x8b") or content[:6] == b"\x93NUMPY"
    return len(content) > 0 and (known or magic)


def load_member(name, content, depth):
    suffix = "." + name.rsplit(".", 1)[-1] if "." in name and name.rsplit(".", 1)[-1].isalnum() else ""
    with tempfile.NamedTemporaryFile(suffix=suffix[:12]) as file:
        file.write(content)
        file.flush()
        LOADERS[sniff(file.name)](file.name, depth + 1)


def load_seven_zip(path, depth):
    raise Unsupported("no 7z reader is installed here")


LOADERS = {
    "torch-zip": load_torch,
    "torch-legacy": load_torch,
    "torch-tar": load_torch,
    "torchscript": load_torchscript,
    "pickle": load_pickle,
    "joblib": load_joblib,
    "numpy": load_numpy,
    "numpy-zip": load_numpy,
    "zip": load_zip,
    "tar": load_tar,
    "gzip": load_compressed,
    "bzip2": load_compressed,
    "xz": load_compressed,
    "compressed": load_compressed,
    "7z": load_seven_zip,
}
