"""Writes checkpoints as people save them, by the real library: those that can be read in parts, and those that cannot.

usage: write_checkpoints.py SAMPLES_FOLDER OUT
OUT/understood/* and OUT/refused/*, and OUT/fine-tuned/* with the same programs as understood/*, other tensors.
Nothing is loaded here.
"""

import os
import pathlib
import random
import sys
import zipfile
from collections import OrderedDict

sys.path.insert(0, sys.argv[1])

import numpy  # noqa: E402
import torch  # noqa: E402
from samples import architectures  # noqa: E402


def net():
    return torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(8, 4))


def trained(optimizer_class, **options):
    model = torch.nn.Linear(40, 30)
    optimizer = optimizer_class(model.parameters(), lr=0.1, **options)
    model(torch.randn(2, 40)).sum().backward()
    optimizer.step()
    return {"epoch": 3, "loss": 0.5, "model": model.state_dict(), "optimizer": optimizer.state_dict()}


def tied():
    weight = torch.randn(200, 50)
    return OrderedDict([("embed.weight", weight), ("head.weight", weight), ("row", weight[3]), ("turned", weight.t())])


def changed(tensor):
    with torch.no_grad():
        tensor.logical_not_() if tensor.dtype is torch.bool else tensor.add_(1)
    return tensor


def dtypes(*names):
    return OrderedDict((name, torch.randn(64, 100).mul(10).to(getattr(torch, name))) for name in names)


def understood():
    for kind in sorted(set(architectures.GENERATION) | set(architectures.CLASSIFICATION)):
        yield f"{kind}.bin", lambda: architectures.state_dict(kind, random.Random(1), False, None), {}
        yield f"{kind}-legacy.bin", lambda: architectures.state_dict(kind, random.Random(1), False, None), {"_use_new_zipfile_serialization": False}
    yield "big.bin", lambda: OrderedDict((f"layer.{i}", torch.randn(1024, 1024)) for i in range(5)), {}
    yield "many.bin", lambda: OrderedDict((f"layer.{i}.weight", torch.randn(3 + i % 7)) for i in range(1500)), {}
    yield "floats.bin", lambda: dtypes("float16", "bfloat16", "float32", "float64"), {}
    yield "integers.bin", lambda: dtypes("int8", "int16", "int32", "int64", "uint8", "bool"), {}
    yield "complex.bin", lambda: dtypes("complex64", "complex128"), {}
    yield "tied.bin", tied, {}
    yield "tied-legacy.bin", tied, {"_use_new_zipfile_serialization": False}
    yield "module-state.bin", lambda: net().state_dict(), {}
    yield "parameters.bin", lambda: dict(net().named_parameters()), {}
    yield "adam.bin", lambda: trained(torch.optim.Adam), {}
    yield "sgd.bin", lambda: trained(torch.optim.SGD, momentum=0.9), {}
    yield "scalar-and-empty.bin", lambda: {"scalar": torch.randn(()), "empty": torch.zeros(0, 4), "one": torch.ones(1)}, {}
    yield "settings.bin", lambda: {"w": torch.randn(9), "size": torch.Size([1, 2]), "dtype": torch.float32, "on": torch.device("cpu"), "set": {1, "a"}, "bytes": b"abc"}, {}
    yield "list.bin", lambda: [torch.randn(5, 5), (torch.randn(2), None, True, 1.5, -3, 1 << 40)], {}
    yield "protocol-4.bin", lambda: architectures.state_dict("bert", random.Random(1), False, None), {"pickle_protocol": 4}


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def rewritten(source, target, change, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compression) as new:
        for info in old.infolist():
            for name, data in change(info.filename, old.read(info)):
                new.writestr(name, data)


def refused(folder, honest):
    weights = lambda: {"w": torch.randn(300, 100)}  # noqa: E731
    save = lambda name, value, **options: torch.save(value, folder / name, **options)  # noqa: E731
    save("os-system.bin", {**weights(), "x": Call(os.system, "id")})
    save("os-system-legacy.bin", {**weights(), "x": Call(os.system, "id")}, _use_new_zipfile_serialization=False)
    save("module.bin", net())
    save("sparse-tensor.bin", {**weights(), "s": torch.eye(4).to_sparse()})
    save("quantised.bin", {**weights(), "q": torch.quantize_per_tensor(torch.randn(40), 0.1, 0, torch.qint8)})
    save("numpy-scalar.bin", {**weights(), "best": numpy.float64(0.3)})
    save("size-from-tensor.bin", {**weights(), "x": Call(torch.Size, (torch.tensor(3),))})
    save("dict-from-tensor.bin", {**weights(), "x": Call(OrderedDict, torch.randn(3, 2))})
    save("keyed-by-tensor.bin", {torch.randn(3): 1})
    save("encode-other.bin", {**weights(), "x": Call(__import__("_codecs").encode, "x", "rot13")})
    torch.jit.save(torch.jit.script(torch.nn.Linear(3, 3)), str(folder / "torchscript.bin"))
    save("plain.bin", weights())
    plain = folder / "plain.bin"
    rewritten(plain, folder / "repacked.bin", lambda name, data: [(name, data)])
    rewritten(plain, folder / "deflated.bin", lambda name, data: [(name, data)], zipfile.ZIP_DEFLATED)
    data = plain.read_bytes()
    (folder / "prefixed.bin").write_bytes(b"PK\x03\x04" + b"x" * 60 + data)
    (folder / "trailing.bin").write_bytes(data + b"x")
    (folder / "cut.bin").write_bytes(data[:-30])
    (folder / "behind-legacy.bin").write_bytes((honest / "mlp-legacy.bin").read_bytes() + data)
    with zipfile.ZipFile(folder / "doubled.bin", "w") as archive, zipfile.ZipFile(plain) as old:
        for info in [*old.infolist(), old.infolist()[0]]:
            archive.writestr(info.filename, old.read(info))
    plain.unlink()


def main():
    out = pathlib.Path(sys.argv[2])
    for folder, seed in (("understood", 1), ("fine-tuned", 2)):
        (out / folder).mkdir(parents=True)
        torch.manual_seed(seed)
        for name, make, options in understood():
            value = make()
            if folder == "fine-tuned" and isinstance(value, OrderedDict):
                value = OrderedDict((key, changed(tensor)) for key, tensor in value.items()) if not hasattr(value, "_metadata") else value
            torch.save(value, out / folder / name, **options)
    (out / "refused").mkdir()
    refused(out / "refused", out / "understood")


main()
