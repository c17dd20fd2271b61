"""How a session ends: the long way through everything that Python does at exit, or the short one.

The long way costs a third of a scan, since it takes every imported library apart. It is needed only for what a file may have left
to run then: exit functions, finalizers, threads. Where every name that was looked up is on the closed list here (rebuilders of
tensors, arrays and plain containers, layers and estimators), no code of the file's choosing has run and nothing can wait.
"""

import os

CLASSES = (
    "numpy.", "torch.nn.modules.", "torch.optim.", "sklearn.", "scipy.sparse.",
    "pandas.core.frame.", "pandas.core.series.", "pandas.core.indexes.", "pandas.core.internals.", "pandas.core.arrays.",
)
"""Modules whose classes are plain; their functions are not."""

PLAIN = frozenset((module, name) for module, names in {
    "collections": "OrderedDict defaultdict deque Counter",
    "builtins": "set frozenset slice range complex bytearray bytes dict list tuple int float str bool object",
    "__builtin__": "set frozenset slice xrange complex bytearray bytes dict list tuple int long float str unicode bool object",
    "copyreg": "_reconstructor",
    "copy_reg": "_reconstructor",
    "_codecs": "encode",
    "numpy.core.multiarray": "_reconstruct scalar",
    "numpy.core.numeric": "_frombuffer",
    "numpy._core.multiarray": "_reconstruct scalar",
    "numpy.random._pickle": "__bit_generator_ctor __generator_ctor __randomstate_ctor",
    "numpy._core.numeric": "_frombuffer",
    "joblib.numpy_pickle": "NumpyArrayWrapper",
    "torch": "Size device BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage DoubleStorage FloatStorage "
             "HalfStorage IntStorage LongStorage ShortStorage float32 float64 float16 bfloat16 int8 int16 int32 int64 uint8 bool",
    "torch.nn.functional": "relu relu6 elu selu leaky_relu silu mish tanh sigmoid softmax log_softmax softplus hardtanh hardswish",
    "torch._C._nn": "gelu",
    "torch.storage": "UntypedStorage TypedStorage _UntypedStorage",
    "pandas._libs.internals": "_unpickle_block",
    "pandas.core.indexes.base": "_new_Index",
    "torch._utils": "_rebuild_tensor _rebuild_tensor_v2 _rebuild_parameter",
}.items() for name in names.split())

_long = False


def noticed(module, name, value):
    """Called for every global that an unpickler looks up, before it gets it."""
    global _long
    if (module, name) not in PLAIN and not (isinstance(value, type) and f"{module}.".startswith(CLASSES) and "." not in name):
        _long = True


def take_the_long_way():
    """For loaders that run code of the file by other means than a pickle."""
    global _long
    _long = True


def forget():
    """What was looked up before the load is no matter of the file's."""
    global _long
    _long = False


def end(alive, leave=os._exit):
    """Does not come back where the short way will do."""
    if not _long and not any(alive.values()):
        leave(0)
