#!/usr/bin/python3
"""Writes references.zip, benign files of every format that is run alone, of a few tensors or estimators to many; see ReferenceFiles.cs.

Run again when a format is added: the bytes differ from run to run, so every environment then loads them once more.
"""

import dataclasses
import io
import pathlib
import pickle
import sys
import types
import zipfile

import cloudpickle
import dill
import joblib
import numpy
import pandas
import torch
from sklearn import ensemble, linear_model, pipeline, preprocessing

COUNTS = (1, 3, 16, 60, 200)


def tensors(count, width=8):
    return {f"layer_{index}.weight": torch.zeros(width, width) for index in range(count)}


def arrays(count, width=8):
    return {f"layer_{index}": numpy.zeros((width, width), dtype=numpy.float32) for index in range(count)}


def modules():
    nn = torch.nn
    yield nn.Linear(4, 4)
    yield nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    yield nn.Sequential(nn.Embedding(20, 8), nn.Linear(8, 8), nn.Tanh(), nn.Dropout(0.1), nn.Linear(8, 20))
    yield nn.Sequential(nn.Conv1d(4, 4, 3), nn.BatchNorm1d(4), nn.ReLU(), nn.MaxPool1d(2))
    yield nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.GELU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    yield nn.Sequential(*(layer for _ in range(12) for layer in (nn.Linear(4, 4), nn.LayerNorm(4), nn.GELU())))


def wholes():
    yield from modules()
    yield torch.nn.LSTM(4, 4, 2, bidirectional=True)
    yield torch.nn.GRU(4, 8)
    yield torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(8, 2, 16), 2)
    yield torch.nn.ModuleDict({"embed": torch.nn.Embedding(4, 4), "heads": torch.nn.ModuleList([torch.nn.Linear(4, 2) for _ in range(3)])})


def checkpoints():
    for module in modules():
        optimizer = torch.optim.AdamW(module.parameters())
        for parameter in module.parameters():
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()
        yield {"epoch": 3, "loss": 0.25, "model": module.state_dict(), "optimizer": optimizer.state_dict(), "tags": ["a", "b"], "done": True}


def torch_values():
    yield torch.zeros(3)
    for count in COUNTS:
        yield tensors(count)
    yield {"big": torch.zeros(1500, 1500), "small": torch.zeros(1)}
    yield {str(dtype): torch.zeros(4, dtype=dtype) for dtype in (torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int8, torch.uint8, torch.bool)}
    whole = torch.zeros(64)
    yield {"whole": whole, "first": whole[:32], "last": whole[32:].view(4, 8), "parameter": torch.nn.Parameter(torch.zeros(2)), "none": torch.zeros(0)}
    yield [torch.zeros(2, 2), {"nested": (torch.zeros(1), 1, "text")}]
    yield {"weights": torch.zeros(2), "settings": own_class()}
    yield own_class()
    yield from list(checkpoints())[::3]
    yield from list(wholes())[::2]


@dataclasses.dataclass
class Settings:
    """Stands for the class of a module that no other machine has."""
    rate: float = 0.1
    tags: list = dataclasses.field(default_factory=list)


def own_class():
    module = types.ModuleType("project_settings")
    Settings.__module__, module.Settings = module.__name__, Settings
    sys.modules[module.__name__] = module
    return Settings()


def estimators():
    rows, labels = numpy.arange(40).reshape(20, 2) % 7, numpy.arange(20) % 2
    for last in (
            linear_model.LogisticRegression(), linear_model.SGDClassifier(), ensemble.RandomForestClassifier(n_estimators=3), ensemble.RandomForestClassifier(n_estimators=20),
            ensemble.GradientBoostingClassifier(n_estimators=4), pipeline.Pipeline([("scale", preprocessing.StandardScaler()), ("model", linear_model.LinearRegression())])):
        yield last.fit(rows, labels)


def values():
    yield {"vocabulary": {f"word {index}": index for index in range(50)}, "lower": True}
    yield [(index, f"line {index}") for index in range(2000)]
    for count in COUNTS:
        yield arrays(count)
    yield {"big": numpy.zeros((500, 500)), "small": numpy.zeros(2)}
    yield own_class()
    yield {"weights": numpy.zeros(3), "settings": own_class()}
    yield pandas.DataFrame({"text": ["a", "b"] * 30, "number": range(60)})
    yield from estimators()


def object_arrays():
    for count in (1, 5, 100, 3000):
        yield numpy.array([{"index": index} for index in range(count)], dtype=object)
    yield numpy.array([f"text {index}" for index in range(300)], dtype=object)
    yield numpy.array([numpy.zeros(3), numpy.zeros(5), None], dtype=object)
    yield numpy.array(arrays(10), dtype=object)


def written(write):
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def clipped(low):
    return lambda value: max(low, value)


def files():
    for value in torch_values():
        yield "torch-zip/model.pt", written(lambda file: torch.save(value, file))
        yield "torch-legacy/model.pt", written(lambda file: torch.save(value, file, _use_new_zipfile_serialization=False))
    for module in modules():
        module.eval()
        yield "torchscript/model.pt", written(lambda file: torch.jit.save(torch.jit.script(module), file))
    for place, value in enumerate(values()):
        yield "pickle/model.pkl", pickle.dumps(value, place % 6)
        yield "joblib/model.joblib", written(lambda file: joblib.dump(value, file, compress=(("zlib", 3), ("gzip", 3))[place % 2]))
    for value in (*map(arrays, COUNTS), *list(estimators())[2:4]):
        yield "joblib/model.joblib", written(lambda file: joblib.dump(value, file))
    for value in (arrays(3), clipped(0), list(estimators())[0]):
        yield "pickle/model.dill", dill.dumps(value, recurse=True)
        yield "pickle/model.pkl", cloudpickle.dumps(value)
    for value in object_arrays():
        yield "numpy/array.npy", written(lambda file: numpy.save(file, value, allow_pickle=True))
        yield "numpy-zip/arrays.npz", written(lambda file: numpy.savez(file, objects=value, numbers=numpy.zeros(4)))


def main():
    path = pathlib.Path(__file__).with_name("references.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for place, (content, name) in enumerate({content: name for name, content in files()}.items()):
            format, file = name.split("/")
            made.writestr(zipfile.ZipInfo(f"{format}/{place:03}/{file}"), content, zipfile.ZIP_DEFLATED)
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
