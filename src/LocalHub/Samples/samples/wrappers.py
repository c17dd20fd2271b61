"""Archives and compressions around a file."""

import bz2
import gzip
import io
import lzma
import os
import pathlib
import tarfile
import tempfile
import zipfile

DATE = (2024, 1, 1, 0, 0, 0)


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), data, compression)
    return buffer.getvalue()


def tarred(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def seven_zipped(members):
    """Needs python3-py7zr, which takes files with their dates from a folder only."""
    import py7zr
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, py7zr.SevenZipFile(buffer, "w") as archive:
        for name, data in members.items():
            path = pathlib.Path(folder, pathlib.PurePosixPath(name).name)
            path.write_bytes(data)
            os.utime(path, (1_700_000_000, 1_700_000_000))
            archive.write(path, name)
    return buffer.getvalue()


def _lz4(data):
    import lz4.frame
    return lz4.frame.compress(data)


def _zstd(data):
    import zstandard
    return zstandard.ZstdCompressor().compress(data)


_HARMLESS = {"README.md": b"# weights\n", "config.json": b'{"model_type": "bert"}\n'}

WRAPPERS = {
    "zip": lambda name, data: (f"{name}.zip", zipped({**_HARMLESS, name: data})),
    "zip-in-zip": lambda name, data: (f"{name}.zip", zipped({"inner.zip": zipped({name: data})})),
    "tar": lambda name, data: (f"{name}.tar", tarred({**_HARMLESS, name: data})),
    "tar-gz": lambda name, data: (f"{name}.tar.gz", gzip.compress(tarred({name: data}), mtime=0)),
    "tar-bz2": lambda name, data: (f"{name}.tar.bz2", bz2.compress(tarred({name: data}))),
    "tar-xz": lambda name, data: (f"{name}.tar.xz", lzma.compress(tarred({name: data}))),
    "tar-zst": lambda name, data: (f"{name}.tar.zst", _zstd(tarred({name: data}))),
    "7z": lambda name, data: (f"{name}.7z", seven_zipped({name: data})),
    "gz": lambda name, data: (f"{name}.gz", gzip.compress(data, mtime=0)),
    "bz2": lambda name, data: (f"{name}.bz2", bz2.compress(data)),
    "xz": lambda name, data: (f"{name}.xz", lzma.compress(data)),
    "lz4": lambda name, data: (f"{name}.lz4", _lz4(data)),
    "zst": lambda name, data: (f"{name}.zst", _zstd(data)),
    "zip-in-tar-gz": lambda name, data: (f"{name}.tgz", gzip.compress(tarred({"a/b.zip": zipped({name: data})}), mtime=0)),
}
