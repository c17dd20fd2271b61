"""Stand-ins for what is not installed.

A pickle that names ``ultralytics.nn.tasks.DetectionModel`` or ``nt.system`` would end with an ImportError here, and nobody
would learn what the rest of it does. A recorder takes the place of the missing name: a class that can be called, built,
given state and items, asked for attributes, subclassed and pickled, and that writes down what it was called with.
"""

import abc
import copyreg
import reprlib


class Journal:
    """Missing names and calls of them, in order of first sight, bounded."""

    NAMES, CALLS, CALLS_PER_NAME = 256, 256, 8

    def __init__(self):
        self._missing = {}
        self._calls = {}
        self._per_name = {}
        self._repr = reprlib.Repr()
        self._repr.maxlevel = 4
        self._repr.maxstring = self._repr.maxother = 300
        self._repr.maxtuple = self._repr.maxlist = self._repr.maxdict = 8

    def missed(self, name):
        if len(self._missing) < self.NAMES:
            self._missing[name] = None

    def called(self, name, arguments, named):
        times = self._per_name.get(name, 0)
        if times >= self.CALLS_PER_NAME or len(self._calls) >= self.CALLS:
            return
        self._per_name[name] = times + 1
        self._calls[name, self.text(arguments, named)] = None

    def text(self, arguments, named):
        try:
            pieces = [self._repr.repr(value) for value in arguments[:8]]
            pieces += [f"{key}={self._repr.repr(value)}" for key, value in list(named.items())[:8]]
            return ", ".join(pieces)[:600]
        except BaseException:  # an argument of the file's own making need not be printable
            return "(unprintable)"

    def missing_names(self):
        return list(self._missing)

    def calls(self):
        return [{"callable": name, "arguments": arguments} for name, arguments in self._calls]


journal = Journal()
_made = {}


def recorder_for(module, name):
    """The one recorder class of a global; made when first asked for."""
    key = (str(module)[:200], str(name)[:200])
    if key not in _made:
        journal.missed(".".join(key))
        _made[key] = _make(*key)
    return _made[key]


def is_recorder(value):
    return isinstance(value, RecorderType)


def _make(module, name):
    return RecorderType(name.rpartition(".")[2], (Recorder,), {"__module__": module, "__qualname__": name})


def _full_name(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


class RecorderType(abc.ABCMeta):
    """Metaclass, so that an attribute of a missing class is a recorder too; an ABCMeta, so that classes may mix it with others."""

    def __getattr__(cls, name):
        if name.startswith("__") or name.startswith("_abc_"):
            raise AttributeError(name)
        return recorder_for(cls.__module__, f"{cls.__qualname__}.{name}")

    def __iter__(cls):
        return iter(())


class Recorder(metaclass=RecorderType):
    """Instance of a missing class, or the value that a missing function returned."""

    def __new__(cls, *arguments, **named):
        if arguments or named:
            journal.called(_full_name(cls), arguments, named)
        return object.__new__(cls)

    def __init__(self, *arguments, **named):
        pass

    def __init_subclass__(cls, **named):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return recorder_for(type(self).__module__, f"{type(self).__qualname__}.{name}")

    def __call__(self, *arguments, **named):
        journal.called(_full_name(type(self)), arguments, named)
        return self

    def __setstate__(self, state):
        for part in state if isinstance(state, tuple) else (state,):
            if isinstance(part, dict):
                self.__dict__.update((key, value) for key, value in part.items() if isinstance(key, str))

    def __setitem__(self, key, value):
        self.__dict__.setdefault("_items", []).append((key, value))

    def __getitem__(self, key):
        return next((value for known, value in self.__dict__.get("_items", ()) if known is key or known == key), self)

    def append(self, item):
        self.__dict__.setdefault("_items", []).append((None, item))

    def extend(self, items):
        for item in items:
            self.append(item)

    add = append
    update = extend

    def __len__(self):
        return len(self.__dict__.get("_items", ()))

    def __iter__(self):
        return iter([value for _, value in self.__dict__.get("_items", ())])

    def __contains__(self, item):
        return False

    def __bool__(self):
        return True


copyreg.pickle(RecorderType, lambda cls: (recorder_for, (cls.__module__, cls.__qualname__)))
