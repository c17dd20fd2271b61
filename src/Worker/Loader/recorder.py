"""Stand-ins for what a file wants and this machine does not have.

A global whose module or attribute is missing becomes a class that takes every call, state and attribute, so that loading goes on, and that
writes down what it was called with: a missing gadget module would otherwise hide what the file is for.
"""

import os
import pickle
import pkgutil
import sys

MAX_RECORDED = 64
MAX_TEXT = 400

recorded = []
_stand_ins = {}
_known_packages = frozenset(sys.builtin_module_names) | frozenset(sys.stdlib_module_names) | frozenset(found.name for found in pkgutil.iter_modules())


def record(name, arguments, named):
    if len(recorded) < MAX_RECORDED:
        recorded.append({"call": name[:MAX_TEXT], "arguments": describe(arguments, named)})


def describe(arguments, named):
    """Shows plain values only: the representation of anything else would be the file's own code."""
    parts = [show(value, 2) for value in list(arguments)[:8]]
    parts += ["%s=%s" % (str(key)[:40], show(value, 2)) for key, value in list(named.items())[:8]]
    return ", ".join(parts)[:MAX_TEXT]


def show(value, depth):
    kind = type(value)
    if kind in (str, bytes):
        return repr(value[:MAX_TEXT])
    if kind in (int, float, bool, type(None)):
        return repr(value)[:60]
    if kind in (list, tuple) and depth > 0:
        return "[" + ", ".join(show(item, depth - 1) for item in list(value)[:8]) + "]"
    if kind is dict and depth > 0:
        return "{" + ", ".join("%s: %s" % (show(key, 0), show(item, depth - 1)) for key, item in list(value.items())[:8]) + "}"
    return "<" + kind.__name__[:60] + ">"


class StandIn:
    """Base of all stand-ins; ``_name`` says for what."""

    _name = "?"

    def __new__(cls, *arguments, **named):
        record(cls._name, arguments, named)
        return object.__new__(cls)

    def __init__(self, *arguments, **named):
        pass

    def __setstate__(self, state):
        if isinstance(state, tuple) and len(state) == 2:
            state = state[0]
        if isinstance(state, dict):
            self.__dict__.update({str(key): value for key, value in state.items()})

    def __call__(self, *arguments, **named):
        record(self._name + "()", arguments, named)
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in(self._name + "." + name)

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __getitem__(self, key):
        return None

    def __setitem__(self, key, value):
        pass

    def append(self, item):
        pass

    def extend(self, items):
        pass

    def add(self, item):
        pass


def stand_in(name):
    if name not in _stand_ins:
        _stand_ins[name] = type(name.rsplit(".", 1)[-1] or "StandIn", (StandIn,), {"_name": name})
    return _stand_ins[name]


def is_known(module):
    """Without asking the file system: whether the module's package is installed or was imported."""
    top = module.split(".", 1)[0]
    return top in _known_packages or module in sys.modules


class RecordingUnpickler(pickle.Unpickler):
    """The ordinary unpickler, but for globals that are not there."""

    def find_class(self, module, name):
        return resolve(super().find_class, module, name)


class SlowRecordingUnpickler(pickle._Unpickler):
    """The unpickler written in Python, which joblib builds on."""

    def find_class(self, module, name):
        return resolve(super().find_class, module, name)


def resolve(find_class, module, name):
    if (module, name) == ("__builtin__", "__main__"):
        return sys.modules["__main__"].__dict__  # How dill names a function's globals.
    if not is_known(module):
        return stand_in(module + "." + name)
    try:
        return find_class(module, name)
    except (ImportError, AttributeError):
        return stand_in(module + "." + name)


def load(file, **options):
    return RecordingUnpickler(file, **options).load()


def loads(data, **options):
    import io

    return load(io.BytesIO(data), **options)


def install():
    """Everybody who unpickles through the ``pickle`` module records from here on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("joblib.") and getattr(module, "Unpickler", None) is pickle._Unpickler:
            module.Unpickler = SlowRecordingUnpickler
    joblib_unpickler = getattr(sys.modules.get("joblib.numpy_pickle"), "NumpyUnpickler", None)
    if joblib_unpickler is not None and joblib_unpickler.__bases__ == (pickle._Unpickler,):
        joblib_unpickler.__bases__ = (SlowRecordingUnpickler,)
    pickle.Unpickler = RecordingUnpickler
    pickle.load = load
    pickle.loads = loads
