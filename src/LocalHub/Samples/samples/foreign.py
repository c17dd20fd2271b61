"""Formats of other libraries, written by hand as far as their readers look: Keras, TensorFlow, ONNX, GGUF, configurations."""

import base64
import json
import marshal
import struct

from . import wrappers


def _varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def number(field, value):
    return _varint(field << 3) + _varint(value)


def onnx(rng, domain="", operator="Gemm", location=None):
    """A model of one node and one initializer; with a location its numbers lie in another file."""
    node = block(1, "x") + block(1, "w") + block(2, "y") + block(4, operator) + (block(7, domain) if domain else b"")
    tensor = number(1, 64) + number(2, 1) + block(8, "w")
    if location:
        tensor += block(13, block(1, "location") + block(2, location)) + number(14, 1)
    else:
        tensor += block(9, rng.randbytes(256))
    graph = block(1, node) + block(2, "main") + block(5, tensor)
    opsets = block(8, number(2, 17)) + (block(8, block(1, domain) + number(2, 1)) if domain else b"")
    return number(1, 8) + block(2, "pytorch") + block(3, "2.0") + block(7, graph) + opsets


def saved_model(operators):
    nodes = b"".join(block(1, block(1, f"node_{index}") + block(2, name)) for index, name in enumerate(operators))
    meta = block(1, block(1, "serve") + block(5, "2.11.0"))
    return number(1, 1) + block(2, meta + block(2, nodes))


def lambda_code(source):
    """The marshalled code of a function's body, as Keras keeps it. Compiling runs nothing."""
    code = compile("def f(x):\n" + "\n".join(f"    {line}" for line in source.splitlines()) + "\n    return x\n", "model", "exec").co_consts[0]
    return base64.b64encode(marshal.dumps(code)).decode()


def keras_configuration(source=None, units=8, module=None):
    layers = [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 16], "dtype": "float32", "name": "input_1"}},
        {"class_name": "Dense", "config": {"name": "dense", "units": units, "activation": "relu"}},
    ]
    if source:
        layers.append({"class_name": "Lambda", "config": {"name": "lambda", "function": [lambda_code(source), None, None], "function_type": "lambda", "module": "__main__"}})
    if module:
        layers.append({"module": module[0], "class_name": "function", "config": module[1], "registered_name": module[1]})
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers}, "keras_version": "2.11.0", "backend": "tensorflow"}


def keras_hdf5(rng, configuration):
    """Needs python3-h5py."""
    import io
    import h5py
    import numpy
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.attrs["model_config"] = json.dumps(configuration)
        file.attrs["keras_version"] = "2.11.0"
        group = file.create_group("model_weights/dense/dense")
        for name in ("kernel:0", "bias:0"):
            group.create_dataset(name, data=numpy.random.default_rng(rng.getrandbits(32)).random((16, 8), dtype=numpy.float32), track_times=False)
    return buffer.getvalue()


def keras_zip(rng, configuration):
    return wrappers.zipped({
        "metadata.json": json.dumps({"keras_version": "3.0.0"}).encode(),
        "config.json": json.dumps(configuration).encode(),
        "model.weights.h5": keras_hdf5(rng, {"class_name": "Weights", "config": {}}),
    })


def keras_metadata(configuration):
    return block(1, number(2, 0) + block(3, "root") + block(4, "_tf_keras_sequential") + block(5, json.dumps({"name": "sequential", **configuration})))


def gguf(rng, template):
    def text(value):
        data = value.encode()
        return struct.pack("<Q", len(data)) + data

    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 2) + text("general.architecture") + struct.pack("<I", 8) + text("llama")
    head += text("tokenizer.chat_template") + struct.pack("<I", 8) + text(template)
    head += text("token_embd.weight") + struct.pack("<IQQIQ", 2, 32, 64, 0, 0)
    return head + bytes(-len(head) % 32) + rng.randbytes(32 * 64 * 4)


CHAT = ("{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|user|>\n' + message['content'] + eos_token }}"
        "{% elif message['role'] == 'system' %}{{ '<|system|>\n' + message['content'] + eos_token }}{% elif message['role'] == 'assistant' %}"
        "{{ '<|assistant|>\n' + message['content'] + eos_token }}{% endif %}{% if loop.last and add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}{% endfor %}")
CHAT_TOOLS = ("{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] | trim %}{%- set loop_messages = messages[1:] %}{%- else %}"
              "{%- set loop_messages = messages %}{%- endif %}{{- bos_token }}{%- for message in loop_messages %}{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
              "{{- raise_exception('Conversation roles must alternate') }}{%- endif %}{{- '[INST] ' + message['content'] | tojson + ' [/INST]' }}{%- endfor %}"
              "{%- macro render(x) %}{{ x.items() | list }}{%- endmacro %}{%- set ns = namespace(found=false) %}{{ strftime_now('%d %b %Y') }}")

TEMPLATE_ATTACKS = {
    "subclasses": "{% for c in ().__class__.__base__.__subclasses__() %}{% if c.__name__ == 'Popen' %}{{ c('id', shell=True) }}{% endif %}{% endfor %}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "attr-filter": "{{ messages|attr('_'*2+'class'+'_'*2) }}",
    "escaped": "{{ messages['\\x5f\\x5fclass\\x5f\\x5f'] }}",
}


def tokenizer_config(template):
    return json.dumps({"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "model_max_length": 4096, "chat_template": template}, indent=2).encode()
