"""Everything that only the first load of a process does is done here, before anything counts.

Libraries import parts of themselves when first used, so importing is not enough: a small sample of every format is written
and loaded, in memory.
"""

import base64
import bz2
import gzip
import importlib
import io
import lzma
import pickle
import pkgutil
import tarfile
import warnings
import zipfile

import joblib
import numpy
import torch
import torch.serialization

from . import mapped, packing, planning, unpickling
from .recorder import journal
from .sources import Source

LIBRARIES = ("torch", "numpy", "joblib", "dill", "cloudpickle", "lz4", "zstandard")

MORE_LIBRARIES = ("sklearn", "scipy", "pandas", "py7zr")
"""What a file of tensors, arrays and plain values has no use for: half of the memory of a sandbox."""

WHOLE_PACKAGES = ("sklearn", "scipy.sparse", "scipy.stats", "scipy.interpolate", "scipy.spatial", "scipy.special", "pandas.core", "joblib")
"""Imported with all their modules: estimators and frames refer to any of them."""

SINGLE_MODULES = (
    "argparse", "array", "ast", "asyncio", "base64", "calendar", "codecs", "collections.abc", "concurrent.futures", "configparser",
    "contextlib", "copyreg", "csv", "ctypes.util", "dataclasses", "datetime", "decimal", "difflib", "encodings.ascii", "encodings.idna",
    "encodings.latin_1", "encodings.utf_16", "encodings.utf_8", "encodings.raw_unicode_escape", "encodings.unicode_escape", "enum", "fractions",
    "functools", "getpass", "glob", "hashlib", "heapq", "inspect", "ipaddress", "itertools", "json", "logging", "math", "multiprocessing",
    "numbers", "numpy.compat.py3k", "numpy.core._multiarray_umath", "numpy.core.multiarray", "numpy.random._pickle", "operator", "optparse", "pathlib", "platform",
    "random", "re", "secrets", "shutil", "socket", "ssl", "statistics", "string", "struct", "subprocess", "tempfile", "textwrap", "threading",
    "timeit", "traceback", "types", "typing", "unittest.mock", "urllib.request", "uuid", "weakref", "xml.etree.ElementTree", "zoneinfo",
    "torch._utils", "torch._tensor", "torch.backends.quantized", "torch.cuda", "torch.distributions", "torch.distributed", "torch.fx", "torch.jit",
    "torch.nn.modules", "torch.nn.quantized", "torch.nn.utils.rnn", "torch.nn.utils.weight_norm", "torch.nn.utils.spectral_norm", "torch.nn.utils.parametrize",
    "torch.optim.lr_scheduler", "torch.optim.swa_utils", "torch.package", "torch.quantization", "torch.ao.quantization", "torch.sparse", "torch.utils.data",
    "_pydecimal", "_strptime", "__future__",
)


def prepare(library_set):
    """Imports, patches and loads samples; the versions of what is there are returned.

    ``library_set`` is "all", or "tensors" for files that name none of the more libraries.
    """
    whole = library_set == "all"
    warnings.simplefilter("ignore")
    warnings.warn = lambda *arguments, **named: None  # a warning would read source files to show a line of them
    libraries = LIBRARIES + MORE_LIBRARIES if whole else LIBRARIES
    for name in (*SINGLE_MODULES, *libraries):
        imported(name)
    for package in WHOLE_PACKAGES if whole else ("joblib",):
        import_whole(package)
    take_places()
    unpickling.note_installed()
    load_samples(whole)
    journal.forget()
    return {name: module.__version__ for name in libraries if (module := imported(name)) is not None}


def imported(name):
    try:
        return importlib.import_module(name)
    except Exception:  # optional on this machine; the ready line says which are there
        return None


def import_whole(name):
    package = imported(name)
    if package is None:
        return
    for module in pkgutil.walk_packages(package.__path__, name + ".", onerror=lambda failed: None):
        if not {"tests", "test", "conftest", "setup", "_build_utils", "_precompute", "__main__", "_interpnd_info"}.intersection(module.name.split(".")):
            imported(module.name)


def take_places():
    """Puts our unpicklers where the libraries look for theirs."""
    torch.serialization.pickle = unpickling
    torch.serialization._open_zipfile_reader = mapped.Opened
    torch.serialization.get_source_lines_and_file = no_source
    numpy.lib.format.pickle = unpickling
    numpy.lib.npyio.pickle = unpickling
    joblib.numpy_pickle.NumpyUnpickler = unpickling.JoblibUnpickler


def no_source(*_):
    """A legacy file has torch compare the sources of its modules with those installed: as many files are read as it names classes, to no end."""
    raise OSError("sources are not looked up")


def load_samples(whole):
    for name, data in (*samples(), *(more_samples() if whole else ())):
        source = Source(name, len(data), data=data)
        for step in planning.steps_for(source, "python" if name.endswith(".py") else "unknown"):
            for result in step(source):
                if result.error is not None and not result.beside and result.outcome != "unsupported":
                    raise RuntimeError(f"the sample {name} did not load: {result.error}")


def samples():
    value = {"weights": torch.zeros(2), "array": numpy.zeros(2), "objects": numpy.array([{}, None], dtype=object)}
    module = torch.nn.Sequential(
        torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2), torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(2, 1), 1), torch.nn.LSTM(2, 2), torch.nn.Embedding(2, 2))
    yield "torch-zip", written(lambda file: torch.save(value, file))
    yield "torch-module", written(lambda file: torch.save(module, file))
    yield "torch-legacy", written(lambda file: torch.save(value, file, _use_new_zipfile_serialization=False))
    yield "torchscript", written(lambda file: torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2)), file))
    for protocol_number in range(6):
        yield f"pickle-{protocol_number}", pickle.dumps(value, protocol_number)
    for compress in (0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)):
        yield f"joblib-{compress}", written(lambda file: joblib.dump(value, file, compress=compress))
    yield "numpy", written(lambda file: numpy.save(file, value["objects"], allow_pickle=True))
    yield "numpy-plain", written(lambda file: numpy.save(file, value["array"]))
    yield "numpy-zip", written(lambda file: numpy.savez(file, **{"array": value["array"], "objects": value["objects"]}))
    yield "numpy-compressed", written(lambda file: numpy.savez_compressed(file, array=value["array"]))


def more_samples():
    for protocol_number in range(6):
        yield f"estimator-{protocol_number}", pickle.dumps(estimator(), protocol_number)
    yield "zip", written(zipped)
    yield "tar", written(tarred)
    yield "gzip", gzip.compress(written(tarred))
    yield "bzip2", bz2.compress(written(tarred))
    yield "xz", lzma.compress(written(tarred))
    if packing.lz4_frame:
        yield "lz4", packing.lz4_frame.compress(written(tarred))
        yield "joblib-lz4", packing.lz4_frame.compress(pickle.dumps([1]))
    if packing.zstandard:
        yield "zstd", packing.zstandard.ZstdCompressor().compress(written(tarred))
    if imported("py7zr"):
        yield "7z", base64.b64decode(SEVEN_ZIP)
    yield "source.py", SOURCE


SEVEN_ZIP = (
    "N3q8ryccAATb4mY5cwAAAAAAAAAUAAAAAAAAAIWtmVMBABCABJUGAAAAAAAAAF2USwFhLgDgAFwAVl0AAIEzB64Pz0wv0aeuwOxG3grPUzvnhNkYkoS16NIveZqtBkBVJwyALEx+UMdb"
    "qwOr7zGs3NQEPD0eHyz74FqwaaeFeh8svDNw6RO/wMQTw6U4O6uAAAAAFwYVAQleAAcLAQABISEBGAxdAAA="
)
"""An archive of one pickle; the library writes from paths only."""

SOURCE = b"""
import dataclasses
import torch
from torch import nn
from loader_sample import Base
from .sibling import Config


class Sample(Base):
    def __init__(self, config):
        super().__init__(config)
        self.layer = nn.Linear(2, 2)


@dataclasses.dataclass
class Output:
    logits: torch.Tensor = None
"""


def estimator():
    from sklearn.linear_model import LogisticRegression
    return LogisticRegression()


def written(write):
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def zipped(file):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.pkl", pickle.dumps([1]))


def tarred(file):
    with tarfile.open(fileobj=file, mode="w") as archive:
        data = pickle.dumps([1])
        info = tarfile.TarInfo("inner.pkl")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
