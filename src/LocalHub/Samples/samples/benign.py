"""Benign repos: each kind writes the files that one common way of saving a model leaves behind."""

import functools

import numpy
import pandas
import torch
from sklearn import cluster, decomposition, ensemble, feature_extraction, linear_model, naive_bayes, neural_network, pipeline, preprocessing, svm, tree

from . import architectures, carriers, repeatable
from .stand_ins import TrainingArguments

GENERATION, CLASSIFICATION = "text-generation", "text-classification"


def _weights(rng, task, big=False, dtype=None):
    names = architectures.GENERATION if task == GENERATION else architectures.CLASSIFICATION
    kind = rng.choice(names[:4] if big else names)
    return kind, architectures.state_dict(kind, rng, big, dtype)


def _torch_zip(rng, task, big=False):
    kind, weights = _weights(rng, task, big)
    files = {"pytorch_model.bin": carriers.torch_zip(weights)}
    if rng.random() < 0.25:
        files["training_args.bin"] = carriers.torch_zip(_training_arguments(rng))
    return kind, "transformers", files


def _training_arguments(rng):
    return TrainingArguments(
        output_dir="./results", learning_rate=rng.choice((1e-5, 2e-5, 5e-5)), num_train_epochs=float(rng.randint(1, 10)),
        per_device_train_batch_size=rng.choice((8, 16, 32)), warmup_steps=rng.choice((0, 100, 500)), weight_decay=0.01, fp16=rng.random() < 0.5,
        seed=42, label_names=None, report_to=["tensorboard"])


def _torch_legacy(rng, task, big=False):
    kind, weights = _weights(rng, task, big)
    return kind, "pytorch", {rng.choice(("pytorch_model.bin", "model.pt")): carriers.torch_legacy(weights)}


def _shards(rng, task):
    kind, weights = _weights(rng, task)
    names, count = list(weights), rng.choice((2, 3))
    size = -(-len(names) // count)
    files = {}
    for shard in range(count):
        part = {name: weights[name] for name in names[shard * size:(shard + 1) * size]}
        files[f"pytorch_model-{shard + 1:05}-of-{count:05}.bin"] = carriers.torch_zip(part)
    return kind, "transformers", files


def _module(rng):
    width, vocabulary = rng.choice((16, 32, 64)), rng.choice((200, 500, 1000))
    embed = torch.nn.Embedding(vocabulary, width)
    build = rng.choice((
        lambda: [embed, torch.nn.Linear(width, width), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Linear(width, 2)],
        lambda: [embed, torch.nn.Conv1d(width, width, 3, padding=1), torch.nn.BatchNorm1d(width), torch.nn.ReLU(), torch.nn.Linear(width, 4)],
        lambda: [embed, torch.nn.LayerNorm(width), torch.nn.Linear(width, 4 * width), torch.nn.GELU(), torch.nn.Linear(4 * width, vocabulary)],
        lambda: [embed] + [layer for _ in range(rng.randint(2, 8)) for layer in (torch.nn.Linear(width, width), torch.nn.Tanh())],
    ))
    return torch.nn.Sequential(*build()).eval()


def _whole_module(rng, task):
    width = rng.choice((16, 32, 64))
    module = rng.choice((
        lambda: _module(rng),
        lambda: torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(width, 4, 4 * width), rng.randint(1, 6)),
        lambda: torch.nn.LSTM(width, width, rng.randint(1, 3), bidirectional=rng.random() < 0.5),
        lambda: torch.nn.GRU(width, 2 * width, rng.randint(1, 3)),
    ))()
    write = carriers.torch_zip if rng.random() < 0.7 else carriers.torch_legacy
    repeatable.keep(module)
    return type(module).__name__.lower(), "pytorch", {rng.choice(("model.pt", "model.pth")): write(module.eval())}


def _checkpoint(rng, task):
    module = _module(rng).train()
    optimizer = rng.choice((torch.optim.AdamW, torch.optim.Adam, functools.partial(torch.optim.SGD, momentum=0.9)))(module.parameters(), lr=1e-3)
    for parameter in module.parameters():
        parameter.grad = torch.randn_like(parameter)
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
    value = {"epoch": rng.randint(1, 40), "global_step": rng.randint(100, 90_000), "state_dict": module.state_dict(),
             "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [scheduler.state_dict()], "best": rng.random(), "pytorch-lightning_version": "1.9.0"}
    return "checkpoint", "pytorch", {rng.choice(("checkpoint.pt", "last.ckpt", "model.pth")): carriers.torch_zip(value)}


def _torchscript(rng, task):
    return "traced", "pytorch", {"model.pt": carriers.torchscript(_module(rng))}


_WORDS = ("good bad awful great fine plot actor scene film boring moving music slow loud clever weak strong story ending cast camera light dark "
          "happy sad long short old new first last never always often again really quite").split()


def _texts(rng, count):
    return [" ".join(rng.choices(_WORDS, k=rng.randint(4, 20))) for _ in range(count)]


def _estimator(rng):
    texts = _texts(rng, rng.choice((60, 120, 200)))
    labels = [rng.randint(0, 1) for _ in texts]
    state = rng.getrandbits(16)
    vectors = feature_extraction.text.TfidfVectorizer(ngram_range=(1, rng.choice((1, 2))))
    kind = rng.choice(("logistic", "sgd", "bayes", "forest", "boosting", "svc", "tree", "mlp", "svd", "kmeans"))
    last = {
        "logistic": lambda: linear_model.LogisticRegression(),
        "sgd": lambda: linear_model.SGDClassifier(random_state=state),
        "bayes": lambda: naive_bayes.MultinomialNB(),
        "forest": lambda: ensemble.RandomForestClassifier(n_estimators=rng.choice((5, 20, 50)), random_state=state),
        "boosting": lambda: ensemble.GradientBoostingClassifier(n_estimators=rng.choice((5, 20)), random_state=state),
        "svc": lambda: svm.SVC(random_state=state),
        "tree": lambda: tree.DecisionTreeClassifier(random_state=state),
        "mlp": lambda: neural_network.MLPClassifier((rng.choice((8, 32)),), max_iter=5, random_state=state),
        "svd": lambda: decomposition.TruncatedSVD(10, random_state=state),
        "kmeans": lambda: cluster.KMeans(4, n_init=1, random_state=state),
    }[kind]()
    steps = [("tfidf", vectors)]
    if rng.random() < 0.3:
        steps.append(("scale", preprocessing.MaxAbsScaler()))
    return kind, pipeline.Pipeline([*steps, ("model", last)]).fit(texts, labels)


def _joblib(rng, task, method=None):
    kind, model = _estimator(rng)
    data = carriers.joblib_compressed(model, method) if method else carriers.joblib_plain(model)
    return kind, "sklearn", {rng.choice(("model.joblib", "sklearn_model.joblib", "pipeline.joblib")): data}


def _arrays(rng):
    numbers = numpy.random.default_rng(rng.getrandbits(40))
    return {f"layer_{index}": numbers.standard_normal((rng.choice((16, 64, 200)), rng.choice((16, 32, 128))), dtype=numpy.float32)
            for index in range(rng.randint(1, 30))}


def _pickle(rng, task, protocol):
    kind, value = rng.choice((
        lambda: _estimator(rng),
        lambda: ("arrays", {"config": {"layers": 4, "vocab": _WORDS}, "weights": _arrays(rng)}),
        lambda: ("ngram", {"order": 3, "counts": {tuple(text.split()[:3]): index for index, text in enumerate(_texts(rng, 800))}}),
    ))()
    return kind, "sklearn", {rng.choice(("model.pkl", "classifier.pkl", "model.pickle")): carriers.plain_pickle(value, protocol)}


def _numpy(rng, task):
    arrays = _arrays(rng)
    value = next(iter(arrays.values())) if rng.random() < 0.6 else numpy.array(_texts(rng, 300), dtype=object)
    return "embeddings", "numpy", {"embeddings.npy": carriers.numpy_array(value)}


def _numpy_zip(rng, task):
    return "weights", "numpy", {"weights.npz": carriers.numpy_zip(_arrays(rng))}


def _safetensors(rng, task):
    kind, weights = _weights(rng, task)
    return kind, "transformers", {"model.safetensors": carriers.safetensors(weights)}


def _both(rng, task):
    kind, weights = _weights(rng, task)
    return kind, "transformers", {"model.safetensors": carriers.safetensors(weights), "pytorch_model.bin": carriers.torch_zip(weights)}


def _dill(rng, task):
    kind, value = rng.choice((lambda: _estimator(rng), lambda: ("arrays", {"weights": _arrays(rng), "step": rng.randint(1, 9000)})))()
    return kind, "dill", {"pipeline.dill": carriers.dill_pickle(value)}


def _cloudpickle(rng, task):
    kind, value = rng.choice((lambda: _estimator(rng), lambda: ("arrays", {"weights": _arrays(rng), "kind": functools.partial(numpy.clip, a_min=0, a_max=1)})))()
    return kind, "mlflow", {"model.pkl": carriers.cloud_pickle(value)}


def _pandas(rng, task):
    numbers = numpy.random.default_rng(rng.getrandbits(40))
    rows = rng.choice((50, 500, 2000))
    frame = pandas.DataFrame({"text": _texts(rng, rows), "label": numbers.integers(0, 2, rows), "score": numbers.random(rows)})
    return "lookup", "pandas", {"lookup.pkl": carriers.plain_pickle(frame, rng.choice((4, 5)))}


# How many repos of each kind a pipeline tag gets. What is commonest on the hub is commonest here; the rare kinds are still common
# enough that a profile fitted on the most-liked repos has seen each, and that others of it are left to judge.
KINDS = {
    "torch-zip": (12, _torch_zip),
    "torch-zip-big": (3, functools.partial(_torch_zip, big=True)),
    "torch-legacy": (5, _torch_legacy),
    "torch-shards": (4, _shards),
    "module": (5, _whole_module),
    "checkpoint": (5, _checkpoint),
    "torchscript": (3, _torchscript),
    "joblib": (4, _joblib),
    "joblib-zlib": (3, functools.partial(_joblib, method="zlib")),
    "joblib-gzip": (3, functools.partial(_joblib, method="gzip")),
    "pickle-2": (3, functools.partial(_pickle, protocol=2)),
    "pickle-4": (3, functools.partial(_pickle, protocol=4)),
    "pickle-5": (3, functools.partial(_pickle, protocol=5)),
    "numpy": (3, _numpy),
    "numpy-zip": (3, _numpy_zip),
    "dill": (3, _dill),
    "cloudpickle": (3, _cloudpickle),
    "pandas": (3, _pandas),
    "safetensors": (3, _safetensors),
    "safetensors-and-torch": (3, _both),
}


def write(kind, rng, task):
    """Files of one benign repo: (architecture, library, {name: bytes})."""
    torch.manual_seed(rng.getrandbits(40))
    return KINDS[kind][1](rng, task)


def write_value(rng):
    """An estimator, for whoever puts it into a file in another way."""
    return _estimator(rng)[1]
