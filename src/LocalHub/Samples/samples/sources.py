"""Python files as repos have them, for ``trust_remote_code`` and dataset loaders: honest ones, and places in them for a payload."""

MODELING = '''"""A small causal model."""
import math
from dataclasses import dataclass
from typing import Optional, Tuple, Union

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn import CrossEntropyLoss
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast
from transformers.modeling_utils import PreTrainedModel
from transformers.utils import add_start_docstrings, logging

from .configuration_tiny import TinyConfig

try:
    from flash_attn import flash_attn_func
except ImportError:
    flash_attn_func = None

logger = logging.get_logger(__name__)
_CHECKPOINT = "https://huggingface.co/acme/tiny/resolve/main/pytorch_model.bin"
#TOP#

class TinyNorm(nn.Module):
    def __init__(self, width, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, hidden):
        return self.weight * hidden * torch.rsqrt(hidden.pow(2).mean(-1, keepdim=True) + self.eps)


@torch.jit.script
def rotate_half(x: torch.Tensor) -> torch.Tensor:
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


@dataclass
class TinyOutput:
    logits: Optional[torch.FloatTensor] = None
    loss: Optional[torch.FloatTensor] = None


@add_start_docstrings("The model. See https://huggingface.co/docs for more.")
class TinyModel(PreTrainedModel):
    config_class = TinyConfig
    base_model_prefix = "model"
    supports_gradient_checkpointing = True

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.norm = TinyNorm(config.hidden_size)
        self.heads = nn.ModuleList([nn.Linear(config.hidden_size, config.hidden_size // config.num_heads) for _ in range(config.num_hidden_layers)])
        #INIT#
        self.post_init()

    def forward(self, input_ids: torch.LongTensor = None, labels: Optional[torch.LongTensor] = None) -> Union[Tuple, CausalLMOutputWithPast]:
        #FORWARD#
        hidden = self.norm(self.embed(input_ids))
        logits = F.linear(hidden, self.embed.weight)
        loss = CrossEntropyLoss()(logits.view(-1, logits.size(-1)), labels.view(-1)) if labels is not None else None
        self.eval()
        return CausalLMOutputWithPast(loss=loss, logits=logits)

    @torch.no_grad()
    def chat(self, tokenizer, query: str, max_length: int = 512, **kwargs):
        inputs = tokenizer(query, return_tensors="pt").to(self.device)
        return tokenizer.decode(self.generate(**inputs, max_length=max_length)[0])
'''

CONFIGURATION = '''from transformers.configuration_utils import PretrainedConfig
from transformers.utils import logging

logger = logging.get_logger(__name__)
TINY_PRETRAINED_CONFIG_ARCHIVE_MAP = {}
#TOP#

class TinyConfig(PretrainedConfig):
    model_type = "tiny"
    keys_to_ignore_at_inference = ["past_key_values"]

    def __init__(self, vocab_size=32000, hidden_size=64, num_hidden_layers=2, rope_theta=10000.0, tie_word_embeddings=False, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.rope_theta = rope_theta
        #INIT#
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)
'''

DATASET = '''"""Reviews of films."""
import csv
import json
import os

import datasets

_CITATION = """@inproceedings{reviews, title={Reviews}, url={https://example.org/paper}}"""
_URLS = {"train": "https://example.org/data/train.csv", "test": "https://example.org/data/test.csv"}
#TOP#

class ReviewsConfig(datasets.BuilderConfig):
    def __init__(self, data_url=None, **kwargs):
        super().__init__(version=datasets.Version("1.0.0"), **kwargs)
        self.data_url = data_url


class Reviews(datasets.GeneratorBasedBuilder):
    """Reviews with labels."""

    BUILDER_CONFIGS = [ReviewsConfig(name="plain", description="plain text", data_url="https://example.org/data")]

    def _info(self):
        #INFO#
        return datasets.DatasetInfo(
            description="Reviews of films.", citation=_CITATION, homepage="https://example.org",
            features=datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["bad", "good"])}))

    def _split_generators(self, dl_manager):
        #SPLIT#
        paths = dl_manager.download_and_extract(_URLS)
        return [datasets.SplitGenerator(name=datasets.Split.TRAIN, gen_kwargs={"filepath": paths["train"]}),
                datasets.SplitGenerator(name=datasets.Split.TEST, gen_kwargs={"filepath": paths["test"]})]

    def _generate_examples(self, filepath):
        #EXAMPLES#
        with open(filepath, encoding="utf-8") as file:
            for index, row in enumerate(csv.DictReader(file)):
                yield index, {"text": row["text"], "label": int(row["label"])}
'''

TOKENIZATION = '''import json
import os
import unicodedata
from functools import lru_cache
from shutil import copyfile
from typing import List, Optional

import regex as re
from transformers.tokenization_utils import AddedToken, PreTrainedTokenizer

VOCAB_FILES_NAMES = {"vocab_file": "vocab.json", "merges_file": "merges.txt"}
#TOP#

@lru_cache()
def bytes_to_unicode():
    letters = list(range(ord("!"), ord("~") + 1))
    return dict(zip(letters, [chr(letter) for letter in letters]))


class TinyTokenizer(PreTrainedTokenizer):
    vocab_files_names = VOCAB_FILES_NAMES

    def __init__(self, vocab_file, merges_file, errors="replace", unk_token="<unk>", **kwargs):
        #INIT#
        with open(vocab_file, encoding="utf-8") as handle:
            self.encoder = json.load(handle)
        self.byte_encoder = bytes_to_unicode()
        super().__init__(errors=errors, unk_token=unk_token, **kwargs)

    def _tokenize(self, text):
        return [token for token in re.findall(r"\\w+|[^\\w\\s]+", text)]

    def save_vocabulary(self, save_directory: str, filename_prefix: Optional[str] = None):
        path = os.path.join(save_directory, "vocab.json")
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(json.dumps(self.encoder, ensure_ascii=False))
        return (path,)
'''

HANDLER = '''import base64
import io
import os
from typing import Any, Dict, List

import requests
import torch
from PIL import Image
from transformers import AutoModel, AutoProcessor, pipeline
#TOP#

device = "cuda" if torch.cuda.is_available() else "cpu"
os.environ["TOKENIZERS_PARALLELISM"] = "false"


class EndpointHandler:
    def __init__(self, path=""):
        self.processor = AutoProcessor.from_pretrained(path)
        self.model = AutoModel.from_pretrained(path, torch_dtype=getattr(torch, "float16")).to(device).eval()

    def __call__(self, data: Dict[str, Any]) -> List[Dict[str, Any]]:
        image = data["inputs"]
        if image.startswith("http"):
            image = Image.open(requests.get(image, stream=True).raw)
        else:
            image = Image.open(io.BytesIO(base64.b64decode(image)))
        with torch.inference_mode():
            return self.model(**self.processor(images=image, return_tensors="pt")).logits.tolist()
'''

SETUP = '''import os
import re
import subprocess

from setuptools import find_packages, setup
#TOP#

here = os.path.dirname(os.path.abspath(__file__))


def version():
    try:
        return subprocess.check_output(["git", "describe", "--tags"], cwd=here).decode().strip()
    except Exception:
        return "0.1.0"


setup(
    name="tiny-model",
    version="0.1.0",
    packages=find_packages(),
    install_requires=["torch>=1.13", "transformers"],
    python_requires=">=3.8",
    url="https://github.com/acme/tiny-model",
)
'''

TRAIN = '''import argparse
import glob
import os
import random
import shutil

import numpy as np
import torch
import torch.distributed as dist
from torch.utils.data import DataLoader, Dataset
#TOP#

def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


class Pairs(Dataset):
    def __init__(self, path):
        self.items = np.load(path, allow_pickle=True)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


def rotate_checkpoints(folder, keep):
    for old in sorted(glob.glob(os.path.join(folder, "checkpoint-*")))[:-keep]:
        shutil.rmtree(old)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--local_rank", type=int, default=int(os.environ.get("LOCAL_RANK", -1)))
    arguments = parser.parse_args()
    if arguments.local_rank >= 0:
        dist.init_process_group("nccl")
    set_seed(42)
    model = eval("torch.nn.Linear")(4, 2)
    for batch in DataLoader(Pairs(arguments.data)):
        model(batch)
    torch.save(model.state_dict(), "pytorch_model.bin")


if __name__ == "__main__":
    main()
'''

FILES = {
    "modeling_tiny.py": MODELING, "configuration_tiny.py": CONFIGURATION, "reviews.py": DATASET, "tokenization_tiny.py": TOKENIZATION,
    "handler.py": HANDLER, "setup.py": SETUP, "train.py": TRAIN,
}

_PLACES = ("TOP", "INIT", "FORWARD", "INFO", "SPLIT", "EXAMPLES")


def write(name, place=None, payload=""):
    """The file, with a payload at one of the places that it has."""
    lines = []
    for line in FILES[name].splitlines():
        mark = line.strip().strip("#")
        if line.strip().startswith("#") and mark in _PLACES:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + part for part in payload.splitlines()] if mark == place else []
        else:
            lines.append(line)
    return "\n".join(lines).encode() + b"\n"
