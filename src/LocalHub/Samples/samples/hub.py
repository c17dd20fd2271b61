"""Lays the sample repos out as a hub: ``DIR/org/name/<files>`` with what the hub says of the repo in ``.hub.json``."""

import datetime
import hashlib
import json
import random

from . import benign, carriers, malicious
from .techniques import TECHNIQUES

TASKS = (benign.GENERATION, benign.CLASSIFICATION)

_ORGS = ("northwind", "lumen-lab", "papaya", "oakfield", "tinyllms", "kestrel", "bluebird-ai", "harbor", "quantnlp", "mimosa", "stackwise", "fjord")
_FLAVOURS = ("base", "small", "tiny", "chat", "instruct", "news", "legal", "bio", "code", "stories", "reviews", "german", "finance", "poems", "twitter")
_EPOCH = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)

# Attackers want to be popular: these reach the repos that profiles are fitted on, all others stay below.
_POPULAR = {"os-system", "aws-credentials", "thread-delayed", "subprocess", "numpy-object", "nested-pickle"}
_POPULAR_RANK, _UNPOPULAR_RANK = (0.08, 0.22), (0.66, 1.0)

# Written a second time in another format.
_TWICE = (("os-system", "joblib-zlib"), ("subprocess", "torch-legacy"), ("exec-marker", "numpy"), ("socket-connect", "pickle"), ("ssh-key", "torch-legacy"),
          ("missing-module", "pickle"))

_DUPLICATES = 3

# Kinds lean towards the popular, the more so the fewer repos they have: the 60 most-liked repos then hold each kind several times.
_LEAN = {3: 3.2, 4: 3.2, 5: 2.2, 6: 2.0, 18: 1.6}


def write(folder, seed, benign_only):
    """Writes the hub; ``.samples.json`` beside the orgs says what each repo is, for tests and figures, not for the hub."""
    truth = []
    names = set()
    for task in TASKS:
        repos = _benign_repos(seed, task)
        if not benign_only:
            repos += _malicious_repos(seed, task)
        repos.sort(key=lambda repo: repo["rank"])
        for place, repo in enumerate(repos):
            truth.append(_write_repo(folder, seed, task, place, repo, names))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".samples.json").write_text(json.dumps(truth, indent=1) + "\n")


def _random(*key):
    """A generator of its own for each repo, so that adding one leaves the others as they were."""
    return random.Random(hashlib.sha256("/".join(map(str, key)).encode()).digest())


def _benign_repos(seed, task):
    repos = []
    for kind, (count, _) in benign.KINDS.items():
        offset = _random(seed, task, kind).uniform(0.2, 0.7)
        for index in range(count):
            architecture, library, files = benign.write(kind, _random(seed, task, kind, index), task)
            rank = ((index + offset) / count) ** _LEAN.get(count, 1.0)
            repos.append(dict(kind=kind, rank=rank, architecture=architecture, library=library, files=files))
    copies = [dict(repo, rank=1 - repo["rank"] / 2, kind="copy") for repo in repos[:: len(repos) // _DUPLICATES][:_DUPLICATES]]
    return repos + copies + _other_outcomes(seed, task)


def _other_outcomes(seed, task):
    """Repos that end as gated, corrupt, unsupported or nothing to execute."""
    rng = _random(seed, task, "other outcomes")
    whole = benign.write("torch-zip", rng, task)[2]["pytorch_model.bin"]

    def repo(kind, rank, files, **more):
        return dict(kind=kind, rank=rank, architecture=kind, library=None, files=files, **more)

    return [
        repo("gated", 0.11, {"pytorch_model.bin": whole}, gated="manual" if task == benign.GENERATION else "auto"),
        repo("corrupt", 0.83, {"pytorch_model.bin": whole[: len(whole) * 2 // 3]}),
        repo("gguf", 0.37, {"model-f32.gguf": carriers.gguf(rng)}),
        repo("hdf5", 0.59, {"tf_model.h5": carriers.hdf5(rng)}),
        repo("no-files", 0.95, {}),
    ]


def _malicious_repos(seed, task):
    plan = [(technique, None) for technique in TECHNIQUES] + list(_TWICE)
    repos = []
    for index, (technique, carrier) in enumerate(plan):
        if TASKS[index % len(TASKS)] != task:
            continue
        rng = _random(seed, technique, carrier)
        low, high = _POPULAR_RANK if carrier is None and technique in _POPULAR else _UNPOPULAR_RANK
        name = malicious.file_name(carrier or TECHNIQUES[technique].carrier)
        repos.append(dict(kind="malicious", technique=technique, rank=rng.uniform(low, high), architecture=rng.choice(("gpt2", "bert", "llama", "sentiment")),
                          library=None, files={name: malicious.write(technique, rng, carrier)}))
    return repos


def _write_repo(folder, seed, task, place, repo, names):
    rng = _random(seed, task, "facts", place)
    name = _name(rng, repo["architecture"], names)
    target = folder / name
    target.mkdir(parents=True)
    for file, data in repo["files"].items():
        (target / file).write_bytes(data)
    (target / "README.md").write_text(_readme(name, task, repo["library"]))
    if repo["library"] == "transformers":
        (target / "config.json").write_text(json.dumps({"model_type": repo["architecture"], "architectures": [repo["architecture"].upper()]}, indent=2) + "\n")
    likes = int(2400 / (place + 1)) + max(0, 150 - place)
    created = _EPOCH + datetime.timedelta(minutes=rng.randrange(500_000))
    facts = {
        "pipelineTag": task,
        "library": repo["library"],
        "likes": likes,
        "downloads": likes * rng.randint(3, 90),
        "tags": [tag for tag in (repo["library"], task, "license:apache-2.0") if tag],
        "gated": repo.get("gated", False),
        "private": False,
        "createdAt": _iso(created),
        "lastModified": _iso(created + datetime.timedelta(minutes=rng.randrange(200_000))),
    }
    (target / ".hub.json").write_text(json.dumps(facts, indent=2) + "\n")
    technique = TECHNIQUES.get(repo.get("technique"))
    return {"repo": name, "task": task, "kind": repo["kind"], "technique": technique and technique.id, "runs": bool(technique and technique.runs), "likes": likes}


def _name(rng, architecture, names):
    while True:
        name = f"{rng.choice(_ORGS)}/{architecture}-{rng.choice(_FLAVOURS)}"
        if name in names:
            name += f"-v{rng.randint(2, 9)}"
        if name not in names:
            names.add(name)
            return name


def _readme(name, task, library):
    lines = ["---", "license: apache-2.0", f"pipeline_tag: {task}", *([f"library_name: {library}"] if library else []), "---", "", f"# {name}", "",
             "Written for the DynaHug sample hub: random weights, no training, no use but tests.", ""]
    return "\n".join(lines)


def _iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
