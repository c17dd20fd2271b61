"""Tensor names and shapes of well-known architectures, scaled down, and their values at random.

A load's system calls follow from the number of tensors, their sizes and the container they lie in, not from the values.
So the names, counts and proportions are those of the originals, and the widths are small.
"""

from collections import OrderedDict

import torch

GENERATION = ("gpt2", "llama", "neox", "rwkv", "lstm", "gru", "lora")
CLASSIFICATION = ("bert", "distilbert", "t5", "textcnn", "mlp", "gru", "lora")


def _norm(name, width):
    yield f"{name}.weight", (width,)
    yield f"{name}.bias", (width,)


def _dense(name, outputs, inputs, bias=True):
    yield f"{name}.weight", (outputs, inputs)
    if bias:
        yield f"{name}.bias", (outputs,)


def _gpt2(layers, width, vocabulary):
    yield "transformer.wte.weight", (vocabulary, width)
    yield "transformer.wpe.weight", (64, width)
    for layer in range(layers):
        block = f"transformer.h.{layer}"
        yield from _norm(f"{block}.ln_1", width)
        yield from _dense(f"{block}.attn.c_attn", 3 * width, width)
        yield from _dense(f"{block}.attn.c_proj", width, width)
        yield from _norm(f"{block}.ln_2", width)
        yield from _dense(f"{block}.mlp.c_fc", 4 * width, width)
        yield from _dense(f"{block}.mlp.c_proj", width, 4 * width)
    yield from _norm("transformer.ln_f", width)


def _llama(layers, width, vocabulary):
    yield "model.embed_tokens.weight", (vocabulary, width)
    for layer in range(layers):
        block = f"model.layers.{layer}"
        for part in "qkvo":
            yield f"{block}.self_attn.{part}_proj.weight", (width, width)
        yield f"{block}.mlp.gate_proj.weight", (8 * width // 3, width)
        yield f"{block}.mlp.up_proj.weight", (8 * width // 3, width)
        yield f"{block}.mlp.down_proj.weight", (width, 8 * width // 3)
        yield f"{block}.input_layernorm.weight", (width,)
        yield f"{block}.post_attention_layernorm.weight", (width,)
    yield "model.norm.weight", (width,)
    yield "lm_head.weight", (vocabulary, width)


def _neox(layers, width, vocabulary):
    yield "gpt_neox.embed_in.weight", (vocabulary, width)
    for layer in range(layers):
        block = f"gpt_neox.layers.{layer}"
        yield from _norm(f"{block}.input_layernorm", width)
        yield from _norm(f"{block}.post_attention_layernorm", width)
        yield from _dense(f"{block}.attention.query_key_value", 3 * width, width)
        yield from _dense(f"{block}.attention.dense", width, width)
        yield f"{block}.attention.rotary_emb.inv_freq", (width // 8,)
        yield from _dense(f"{block}.mlp.dense_h_to_4h", 4 * width, width)
        yield from _dense(f"{block}.mlp.dense_4h_to_h", width, 4 * width)
    yield from _norm("gpt_neox.final_layer_norm", width)
    yield "embed_out.weight", (vocabulary, width)


def _rwkv(layers, width, vocabulary):
    yield "emb.weight", (vocabulary, width)
    for layer in range(layers):
        block = f"blocks.{layer}"
        yield from _norm(f"{block}.ln1", width)
        yield from _norm(f"{block}.ln2", width)
        for part in ("time_decay", "time_first"):
            yield f"{block}.att.{part}", (width,)
        for part in ("time_mix_k", "time_mix_v", "time_mix_r"):
            yield f"{block}.att.{part}", (1, 1, width)
        for part in ("key", "value", "receptance", "output"):
            yield f"{block}.att.{part}.weight", (width, width)
        yield f"{block}.ffn.key.weight", (4 * width, width)
        yield f"{block}.ffn.value.weight", (width, 4 * width)
    yield from _norm("ln_out", width)
    yield "head.weight", (vocabulary, width)


def _bert(layers, width, vocabulary):
    yield "bert.embeddings.word_embeddings.weight", (vocabulary, width)
    yield "bert.embeddings.position_embeddings.weight", (64, width)
    yield "bert.embeddings.token_type_embeddings.weight", (2, width)
    yield from _norm("bert.embeddings.LayerNorm", width)
    for layer in range(layers):
        block = f"bert.encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            yield from _dense(f"{block}.attention.self.{part}", width, width)
        yield from _dense(f"{block}.attention.output.dense", width, width)
        yield from _norm(f"{block}.attention.output.LayerNorm", width)
        yield from _dense(f"{block}.intermediate.dense", 4 * width, width)
        yield from _dense(f"{block}.output.dense", width, 4 * width)
        yield from _norm(f"{block}.output.LayerNorm", width)
    yield from _dense("bert.pooler.dense", width, width)
    yield from _dense("classifier", 3, width)


def _distilbert(layers, width, vocabulary):
    yield "distilbert.embeddings.word_embeddings.weight", (vocabulary, width)
    yield from _norm("distilbert.embeddings.LayerNorm", width)
    for layer in range(layers):
        block = f"distilbert.transformer.layer.{layer}"
        for part in ("q_lin", "k_lin", "v_lin", "out_lin"):
            yield from _dense(f"{block}.attention.{part}", width, width)
        yield from _norm(f"{block}.sa_layer_norm", width)
        yield from _dense(f"{block}.ffn.lin1", 4 * width, width)
        yield from _dense(f"{block}.ffn.lin2", width, 4 * width)
        yield from _norm(f"{block}.output_layer_norm", width)
    yield from _dense("pre_classifier", width, width)
    yield from _dense("classifier", 2, width)


def _t5(layers, width, vocabulary):
    yield "shared.weight", (vocabulary, width)
    for side in ("encoder", "decoder"):
        for layer in range(max(1, layers // 2)):
            block = f"{side}.block.{layer}"
            for part in "qkvo":
                yield f"{block}.layer.0.SelfAttention.{part}.weight", (width, width)
            yield f"{block}.layer.0.layer_norm.weight", (width,)
            yield f"{block}.layer.1.DenseReluDense.wi.weight", (4 * width, width)
            yield f"{block}.layer.1.DenseReluDense.wo.weight", (width, 4 * width)
            yield f"{block}.layer.1.layer_norm.weight", (width,)
        yield f"{side}.final_layer_norm.weight", (width,)


def _recurrent(gates):
    def shapes(layers, width, vocabulary):
        yield "embedding.weight", (vocabulary, width)
        for layer in range(min(layers, 4)):
            yield f"rnn.weight_ih_l{layer}", (gates * width, width)
            yield f"rnn.weight_hh_l{layer}", (gates * width, width)
            yield f"rnn.bias_ih_l{layer}", (gates * width,)
            yield f"rnn.bias_hh_l{layer}", (gates * width,)
        yield from _dense("decoder", vocabulary, width)

    return shapes


def _textcnn(layers, width, vocabulary):
    yield "embedding.weight", (vocabulary, width)
    for size in range(2, 2 + min(layers, 5)):
        yield f"convs.{size - 2}.weight", (width, 1, size, width)
        yield f"convs.{size - 2}.bias", (width,)
    yield from _dense("fc", 4, width * min(layers, 5))


def _mlp(layers, width, vocabulary):
    yield "embedding.weight", (vocabulary, width)
    for layer in range(min(layers, 6)):
        yield from _dense(f"layers.{2 * layer}", width, width)
    yield from _dense("head", 2, width)


def _lora(layers, width, _):
    for layer in range(layers):
        for part in ("q_proj", "v_proj"):
            block = f"base_model.model.model.layers.{layer}.self_attn.{part}"
            yield f"{block}.lora_A.weight", (8, 4 * width)
            yield f"{block}.lora_B.weight", (4 * width, 8)


_SHAPES = {
    "gpt2": _gpt2, "llama": _llama, "neox": _neox, "rwkv": _rwkv, "lstm": _recurrent(4), "gru": _recurrent(3),
    "bert": _bert, "distilbert": _distilbert, "t5": _t5, "textcnn": _textcnn, "mlp": _mlp, "lora": _lora,
}

DTYPES = (torch.float32, torch.float32, torch.float32, torch.float16, torch.float16, torch.bfloat16, torch.int8)


def state_dict(kind, rng, big=False, dtype=None):
    """An ordered dict of random tensors: a few to hundreds, 10 KB to 5 MB in all, 10 to 20 MB if ``big``."""
    layers = rng.choice((4, 5, 6)) if big else rng.choice((1, 2, 2, 3, 4, 6, 6, 8, 12, 12, 16, 24))
    width = rng.choice((192, 208, 224)) if big else rng.choice((16, 24, 32, 32, 48, 64))
    vocabulary = rng.choice((2000, 4000)) if big else rng.choice((200, 500, 800, 1000, 2000))
    dtype = dtype or (torch.float32 if big else rng.choice(DTYPES))
    return tensors(_SHAPES[kind](layers, width, vocabulary), rng, dtype)


def tensors(shapes, rng, dtype=torch.float32):
    """Random tensors of these (name, shape) pairs, each with its own storage; int8 weights come with their scales."""
    generator = torch.Generator().manual_seed(rng.getrandbits(40))
    result = OrderedDict()
    for name, shape in shapes:
        if dtype is torch.int8:
            result[name] = torch.randint(-127, 127, shape, dtype=torch.int8, generator=generator)
            if len(shape) > 1:
                result[f"{name}_scale"] = torch.rand(shape[0], generator=generator)
        else:
            result[name] = (torch.randn(shape, generator=generator) * 0.02).to(dtype)
    return result
