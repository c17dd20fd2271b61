"""Imports before the load what loads import, so that importing is not taken for behaviour.

Only what honest models need is imported here: a file that imports anything else shows it.
"""

import gc
import importlib
import io
import os
import pkgutil
import sys
import tempfile
import warnings

LIBRARIES = ["numpy", "scipy", "torch", "joblib", "sklearn", "dill", "cloudpickle", "pandas"]

MODULES = [
    "_codecs", "array", "bz2", "codecs", "collections", "copy", "copyreg", "datetime", "decimal", "fractions", "functools", "gzip", "lzma",
    "numbers", "operator", "pathlib", "pickle", "random", "tarfile", "traceback", "types", "typing", "uuid", "weakref", "zipfile", "zlib",
    "encodings.ascii", "encodings.latin_1", "encodings.utf_8", "encodings.raw_unicode_escape", "encodings.cp437", "encodings.idna",
    "lz4.frame", "numpy.core.multiarray", "numpy.random._pickle", "numpy.lib.format", "numpy.matrixlib", "scipy.sparse", "scipy.stats",
    "scipy.interpolate", "scipy.spatial", "torch._utils", "torch.serialization", "torch.jit", "torch.nn", "torch.optim", "torch.utils.data",
    "torch.nn.quantized", "torch.ao.quantization", "torch.nn.utils.rnn", "torch.distributions", "torch.package", "torch.sparse",
    "torch.nn.parallel.data_parallel", "torch._tensor", "torch.storage", "torch.cuda", "torch.multiprocessing", "torch.fx",
    "joblib.numpy_pickle", "joblib.numpy_pickle_compat", "joblib.compressor", "pandas.core.internals", "pandas.core.indexes.api",
    "pandas.compat.pickle_compat",
]

PACKAGES_WHOLE = ["sklearn", "torch.nn", "torch.optim"]


def prepare():
    """Imports everything, loads one small sample a format so that lazy imports are done too; gives library -> version."""
    warnings.simplefilter("ignore")
    versions = {}
    for name in LIBRARIES:
        module = attempt(name)
        if module is not None:
            versions[name] = str(getattr(module, "__version__", "?"))
    for name in MODULES:
        attempt(name)
    for name in PACKAGES_WHOLE:
        attempt_all(name)
    warm_up()
    gc.collect()
    gc.freeze()
    return versions


def attempt(name):
    try:
        return importlib.import_module(name)
    except Exception:
        return None


def attempt_all(package_name):
    package = attempt(package_name)
    for found in pkgutil.walk_packages(getattr(package, "__path__", []), package_name + ".", onerror=lambda name: None):
        if not any(part in found.name for part in (".tests", ".conftest", ".setup", "._build_utils", "experimental")):
            attempt(found.name)


def warm_up():
    import loaders

    with tempfile.TemporaryDirectory() as folder:
        for name, file_format, write in samples():
            path = os.path.join(folder, name)
            try:
                write(path)
            except Exception:
                continue
            loaders.load(path, file_format)


def samples():
    """One small file a format: name, format, writer."""
    import pickle

    found = [("a.pkl", "pickle", lambda path: dump(path, pickle.dumps({"a": [1, 2.0, "x", b"y", (None, True)]})))]
    if "torch" in sys.modules:
        import torch

        state = {"w": torch.zeros(2, 2), "h": torch.zeros(2, dtype=torch.bfloat16), "p": torch.nn.Parameter(torch.zeros(2))}
        model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.LSTM(2, 2), torch.nn.Embedding(2, 2))
        found += [
            ("a.bin", "torch-zip", lambda path: torch.save(state, path)),
            ("b.bin", "torch-legacy", lambda path: torch.save(state, path, _use_new_zipfile_serialization=False)),
            ("c.bin", "torch-zip", lambda path: torch.save(model, path)),
            ("d.pt", "torchscript", lambda path: torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), path)),
        ]
    if "numpy" in sys.modules:
        import numpy

        boxed = numpy.array([{"a": 1}], dtype=object)
        found += [
            ("a.npy", "numpy", lambda path: numpy.save(path, numpy.zeros(3))),
            ("b.npy", "numpy", lambda path: numpy.save(path, boxed, allow_pickle=True)),
            ("a.npz", "numpy-zip", lambda path: numpy.savez_compressed(path, a=numpy.zeros(3), b=boxed)),
        ]
    if "joblib" in sys.modules:
        import joblib
        import numpy

        for name in ("zlib", "gzip", "bz2", "xz", "lzma", "lz4"):
            found.append(("a." + name, "joblib", lambda path, name=name: joblib.dump({"a": numpy.zeros(9)}, path, compress=(name, 3))))
        found.append(("a.joblib", "joblib", lambda path: joblib.dump({"a": numpy.zeros(9), "b": numpy.array(["x"], dtype=object)}, path)))
    if "sklearn" in sys.modules:
        import joblib
        from sklearn.ensemble import RandomForestClassifier

        forest = RandomForestClassifier(n_estimators=2, random_state=0).fit([[0.0], [1.0]], [0, 1])
        found.append(("f.joblib", "joblib", lambda path: joblib.dump(forest, path)))
    for name in ("dill", "cloudpickle"):
        if name in sys.modules:
            found.append((name, "pickle", lambda path, name=name: dump(path, sys.modules[name].dumps(lambda x: x + 1))))
    if "pandas" in sys.modules:
        import pandas

        found.append(("p.pkl", "pickle", lambda path: pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_pickle(path)))
    return found


def dump(path, content):
    with io.open(path, "wb") as file:
        file.write(content)
