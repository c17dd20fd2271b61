"""Puts a technique's payload into a file that otherwise looks like the model it pretends to be."""

import pickle

import numpy
import torch

from . import architectures, carriers
from .techniques import TECHNIQUES

_FILE_NAMES = {
    "torch-zip": "pytorch_model.bin", "torch-legacy": "pytorch_model.bin", "module": "model.pt", "pickle": "model.pkl", "joblib": "model.joblib",
    "joblib-zlib": "model.joblib", "numpy": "embeddings.npy", "dill": "pipeline.dill", "cloudpickle": "model.pkl", "pickle-zip": "pytorch_model.bin",
    "legacy-header": "pytorch_model.bin",
}

CARRIERS = tuple(_FILE_NAMES)


def file_name(carrier):
    return _FILE_NAMES[carrier]


def _beside_weights(payload, rng):
    weights = architectures.state_dict(rng.choice(("gpt2", "bert", "mlp", "lora")), rng)
    parts = [("model", weights), ("config", payload)]
    return dict(parts if rng.random() < 0.5 else reversed(parts))


def _arrays(payload):
    return {"weights": numpy.arange(4096, dtype=numpy.float32), "config": payload}


def _module(payload, rng):
    torch.manual_seed(rng.getrandbits(40))
    module = torch.nn.Sequential(torch.nn.Embedding(200, 32), torch.nn.Linear(32, 2))
    module.config = payload
    return module


def _object_array(payload):
    array = numpy.empty(3, dtype=object)
    array[0], array[1], array[2] = "vocabulary", [1, 2, 3], payload
    return array


def _legacy_header(payload, rng):
    """Swaps the third pickle of a legacy file, which describes the system that wrote it, for the payload."""
    whole = carriers.torch_legacy(architectures.state_dict("mlp", rng))
    header = [pickle.dumps(torch.serialization.MAGIC_NUMBER, 2), pickle.dumps(torch.serialization.PROTOCOL_VERSION, 2)]
    system = pickle.dumps(dict(protocol_version=torch.serialization.PROTOCOL_VERSION, little_endian=True,
                               type_sizes=dict(short=2, int=4, long=4)), 2)
    start = b"".join(header)
    if not whole.startswith(start + system):
        raise RuntimeError(f"torch {torch.__version__} writes another legacy header than this sample knows")
    return start + pickle.dumps(payload, 2) + whole[len(start + system):]


def payload_in(carrier, payload, rng):
    """Bytes of a file of this carrier that holds the payload."""
    return {
        "torch-zip": lambda: carriers.torch_zip(_beside_weights(payload, rng)),
        "torch-legacy": lambda: carriers.torch_legacy(_beside_weights(payload, rng)),
        "module": lambda: carriers.torch_zip(_module(payload, rng)),
        "pickle": lambda: carriers.plain_pickle(_arrays(payload)),
        "joblib": lambda: carriers.joblib_plain(_arrays(payload)),
        "joblib-zlib": lambda: carriers.joblib_compressed(_arrays(payload)),
        "numpy": lambda: carriers.numpy_array(_object_array(payload)),
        "dill": lambda: carriers.dill_pickle(_arrays(payload)),
        "cloudpickle": lambda: carriers.cloud_pickle(_arrays(payload)),
        "pickle-zip": lambda: pickle.dumps(payload, 2) + carriers.torch_zip(architectures.state_dict("gpt2", rng)),
        "legacy-header": lambda: _legacy_header(payload, rng),
    }[carrier]()


def write(technique_id, rng, carrier=None):
    """Bytes of one malicious file. Raises ValueError for a carrier that the technique cannot be put into."""
    technique = TECHNIQUES[technique_id]
    carrier = carrier or technique.carrier
    if technique.raw:
        if carrier != technique.carrier:
            raise ValueError(f"technique '{technique_id}' is written by hand as {technique.carrier}; leave --format out")
        return technique.raw()
    return payload_in(carrier, technique.payload(), rng)
