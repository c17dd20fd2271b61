"""Stand-ins for what is not installed.

A pickle that names ``ultralytics.nn.tasks.DetectionModel`` or ``nt.system`` would end with an ImportError here, and nobody
would learn what the rest of it does. A recorder takes the place of the missing name: a class that can be called, built,
given state and items, asked for attributes, subclassed and pickled, and that writes down what it was called with.
"""

import abc
import copyreg
import re
import reprlib
import types

GADGETS = re.compile(r"(requests|httpx|aiohttp|pycurl|wget|paramiko|fabric|pexpect|plumbum|websockets?|zmq|boto3|pynput|pyautogui|keyring|winreg|nt|win32\w*)\.")
"""Missing packages that reach the system or the network: called at import, they are news even in source code."""

COMMANDS = re.compile(r"\b(curl|wget)\s+-?\S*\s*(-|https?:)|\|\s*(ba|z|da)?sh\b|(^|['\"\s/])(ba|z|da)?sh\s+-[ci]\b|/dev/tcp/|\bnc\s+-|powershell|base64\s+(-d|--decode)|__import__\s*\(")


class Journal:
    """Missing names and calls of them, in order of first sight, bounded."""

    NAMES, CALLS, CALLS_PER_NAME = 256, 256, 8

    def __init__(self):
        self.forget()

    def forget(self):
        self.is_of_source = False
        """While Python source runs: there, addresses and texts given to missing functions are everyday, so only the worst is kept."""
        self._missing = {}
        self._named = {}
        self._calls = {}
        self._per_name = {}
        self._repr = reprlib.Repr()
        self._repr.maxlevel = 4
        self._repr.maxstring = self._repr.maxother = 300
        self._repr.maxtuple = self._repr.maxlist = self._repr.maxdict = 8

    def missed(self, name):
        if len(self._missing) < self.NAMES:
            self._missing[name] = None

    def named(self, module, name):
        """A global that a pickle of the file named, whether it is there or not."""
        if len(self._named) < self.NAMES:
            self._named[f"{module} {name}"[:200]] = None

    def called(self, name, arguments, named):
        times = self._per_name.get(name, 0)
        if times >= self.CALLS_PER_NAME or len(self._calls) >= self.CALLS:
            return
        text = self.text(arguments, named)
        if self.is_of_source and not (GADGETS.match(name) or COMMANDS.search(text)):
            return
        self._per_name[name] = times + 1
        self._calls[name, text] = None

    def text(self, arguments, named):
        try:
            pieces = [self._repr.repr(value) for value in arguments[:8]]
            pieces += [f"{key}={self._repr.repr(value)}" for key, value in list(named.items())[:8]]
            return ", ".join(pieces)[:600]
        except BaseException:  # an argument of the file's own making need not be printable
            return "(unprintable)"

    def missing_names(self):
        return list(self._missing)

    def named_globals(self):
        return list(self._named)

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


SMALL = 64
"""As a file descriptor, which ``open`` takes numbers for, one that nobody has."""


class SmallNumber:
    """What a missing value is where a number is needed: sizes of layers and counts of loops are small ones then, and code goes on."""

    def __index__(self):
        return SMALL

    def __float__(self):
        return float(SMALL)

    def _value(self, *others):
        return SMALL

    __int__ = __index__
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = __truediv__ = __rtruediv__ = __mod__ = __pow__ = __neg__ = _value

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__


class RecorderType(SmallNumber, abc.ABCMeta):
    """Metaclass, so that an attribute of a missing class is a recorder too; an ABCMeta, so that classes may mix it with others."""

    def __call__(cls, *arguments, **named):
        decorated = decorated_by(arguments, named)
        return super().__call__(*arguments, **named) if decorated is None else decorated

    def __getattr__(cls, name):
        if name.startswith("__") or name.startswith("_abc_"):
            raise AttributeError(name)
        return recorder_for(cls.__module__, f"{cls.__qualname__}.{name}")

    def __iter__(cls):
        return iter(())

    def __getitem__(cls, item):
        return cls


def decorated_by(arguments, named):
    """The function or class that source code decorates with a missing name: decorating leaves it as it is."""
    if journal.is_of_source and len(arguments) == 1 and not named and isinstance(arguments[0], (types.FunctionType, type)):
        return None if is_missing(arguments[0]) else arguments[0]
    return None


def is_missing(value):
    """Whether a class is itself the stand-in, and none that the file derives from one."""
    return is_recorder(value) and _made.get((value.__module__, value.__qualname__)) is value


class Recorder(SmallNumber, metaclass=RecorderType):
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
        decorated = decorated_by(arguments, named)
        if decorated is not None:
            return decorated
        journal.called(_full_name(type(self)), arguments, named)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

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
