"""What a file is by its content. Names are those of the static reader (FileFormat.cs); extensions say nothing."""

import pickletools
import zipfile

from . import packing

HEAD = 4096
TORCH_MAGIC = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
JOBLIB_SIGNS = (b"joblib.numpy_pickle", b"joblib\n", b"NumpyArrayWrapper", b"NDArrayWrapper")
JOBLIB_SEARCH = 1 << 20
ZIP_DIRECTORY_LIMIT = 64 << 20

MAGICS = (
    (b"\x93NUMPY", "numpy"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x5d\x00\x00", "xz"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"GGUF", "gguf"),
    (b"ZF", "zlib"),
)


def formats_of(source, hint="unknown"):
    """Every format the content can be read as, the one that the first bytes name first: a polyglot has two."""
    with source.open() as file:
        head = file.read(HEAD)
        found = [format_of_head(head, hint)]
        if found[0] == "pickle" and is_joblib(head, file):
            found = ["joblib"]
        members = zip_members(file)
    if members is not None:
        if head.startswith(b"PK"):
            found = [kind_of_zip(members)]
        else:
            found.append("zip-behind")
    return [kind for kind in found if kind != "unknown"] or ["unknown"]


def format_of_head(head, hint):
    if hint == "python":
        return hint
    for magic, kind in MAGICS:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head[:1] == b"\x80" and head[1:2] <= b"\x05":
        return "torch-legacy" if TORCH_MAGIC in head[:32] else "pickle"
    if head[:1] == b"\x78" and len(head) > 1 and int.from_bytes(head[:2], "big") % 31 == 0:
        return "zlib"
    if head[257:262] == b"ustar" or hint in ("tar", "torch-tar"):
        return hint if hint == "torch-tar" else "tar"
    if hint in ("pickle", "joblib") or looks_like_text_pickle(head):
        return "pickle"
    return "unknown"


def is_joblib(head, file):
    """joblib writes arrays between the opcodes; only its own reader gets past them."""
    file.seek(0)
    start = file.read(JOBLIB_SEARCH)
    return any(sign in start for sign in JOBLIB_SIGNS)


def looks_like_text_pickle(head):
    """Protocols 0 and 1 have no magic: the first opcodes must parse, and name a global or build a container."""
    names = []
    try:
        for opcode, _, _ in pickletools.genops(head):
            names.append(opcode.name)
            if len(names) >= 8:
                break
    except Exception:
        if len(head) < HEAD or len(names) < 4:
            return False
    return len(names) > 1 and not {"GLOBAL", "INST", "MARK", "EMPTY_DICT", "EMPTY_LIST", "EMPTY_TUPLE", "PUT", "BINPUT"}.isdisjoint(names)


def zip_members(file):
    """Names in the central directory, or None where the content has none that can be read."""
    try:
        if not zipfile.is_zipfile(file):
            return None
        file.seek(0)
        end = zipfile._EndRecData(file)
        if end is None or end[zipfile._ECD_SIZE] > ZIP_DIRECTORY_LIMIT:
            return None
        with zipfile.ZipFile(file) as archive:
            return [info.filename for info in archive.infolist()]
    except Exception:
        return None


def kind_of_zip(members):
    tails = {name.partition("/")[2] or name for name in members}
    if "data.pkl" in tails or "data.pkl" in members:
        return "torchscript" if "constants.pkl" in tails else "torch-zip"
    return "numpy-zip" if any(name.endswith(".npy") for name in members) else "zip"


def decompressed_head(source, kind):
    """First bytes of compressed content, to see what is inside; empty where it cannot be read."""
    with source.open() as file:
        return packing.head(kind, file, HEAD)
