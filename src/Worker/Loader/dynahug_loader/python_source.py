"""Python files of a repo: imported as ``trust_remote_code`` and dataset loaders do, in a world where every import succeeds.

What is not installed – transformers, datasets, the file's own siblings – is a recorder, so that the file runs to its end. Then the
parts that such loaders call by themselves are called.
"""

import ast
import builtins
import importlib.util
import inspect
import itertools
import linecache
import posixpath
import sys
import types

from . import ending
from .outcomes import attempt
from .recorder import is_recorder, journal, recorder_for

PACKAGE = "transformers_modules.repo"
LARGEST = 16 << 20
CLASSES = 16
EXAMPLES = 3
SCRIPTS = ("setup.py",)
"""Run by whoever installs the repo, as programs."""

LIBRARIES = "/dist-packages/"

NEVER_REAL = ("setuptools", "distutils")
"""Their ``setup`` would act on the command line of the loader."""


class RecordedModule(types.ModuleType):
    """A module that is not installed: every name in it is a recorder."""

    def __getattr__(self, name):
        if name == "__version__":
            return "99.0.0"
        if name == "__path__":
            return []
        if name.startswith("__"):
            raise AttributeError(name)
        return recorder_for(self.__name__, name)


class Completed:
    """An installed module of another version than the file was written for: names that it lacks are recorders."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        module = object.__getattribute__(self, "_module")
        try:
            return getattr(module, name)
        except AttributeError:
            if name.startswith("__"):
                raise
            return recorder_for(module.__name__, name)


def importer(package, find=builtins.__import__):
    """``__import__`` for the file's own code; what libraries import is none of its business."""

    def import_(name, globals=None, locals=None, fromlist=(), level=0):
        if level:
            return RecordedModule(".".join(part for part in (package, name) if part))
        if name.partition(".")[0] in NEVER_REAL:
            return RecordedModule(name if fromlist else name.partition(".")[0])
        try:
            module = find(name, globals, locals, fromlist, 0)
        except Exception:
            return RecordedModule(name if fromlist else name.partition(".")[0])
        whole = not fromlist or "*" in fromlist or all(hasattr(module, part) for part in fromlist)
        return module if whole else Completed(module)

    return import_


def prepare(source):
    """Imports the installed libraries that a file names, before anything counts: what they do when imported is not the file's doing.

    Python's own modules stay for the load; some of them act when imported, and importing those is the file's choice.
    """
    try:
        with source.open() as file:
            tree = ast.parse(file.read(LARGEST))
    except Exception:  # the load will say what is wrong with it
        return
    for name in sorted(names_imported(tree)):
        try:
            spec = importlib.util.find_spec(name.partition(".")[0])
            if spec is not None and spec.origin and LIBRARIES in spec.origin and name.partition(".")[0] not in NEVER_REAL:
                importlib.import_module(name)
        except Exception:
            pass


def names_imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def imported(source):
    name = posixpath.basename(source.name.replace("\\", "/"))
    stem = name.rpartition(".")[0] or name
    is_script = name.lower() in SCRIPTS
    module = types.ModuleType("__main__" if is_script else f"{PACKAGE}.{stem}")
    module.__file__ = f"/repo/{name}"
    module.__package__ = PACKAGE
    module.__dict__["__builtins__"] = {**builtins.__dict__, "__import__": importer(PACKAGE)}

    def load():
        with source.open() as file:
            text = importlib.util.decode_source(file.read(LARGEST))
        code = compile(text, module.__file__, "exec", dont_inherit=True)
        lines = text.splitlines(keepends=True)
        linecache.cache[module.__file__] = (len(text), None, lines, module.__file__)
        sys.modules[module.__name__] = module
        exec(code, module.__dict__)

    ending.take_the_long_way()
    journal.is_of_source = True
    try:
        yield attempt("import", source.name, load)
        yield from exercised(module, source)
    finally:
        journal.is_of_source = False


def exercised(module, source):
    """Makes the objects that loaders of such a file make, with recorders for whatever they ask; errors say nothing then."""
    classes = [value for value in list(module.__dict__.values())
               if isinstance(value, type) and is_recorder(value) and value.__module__ == module.__name__]
    for cls in classes[:CLASSES]:
        made = []
        yield attempt("exercise", f"{source.name}:{cls.__name__}"[:200], lambda: made.append(new(cls)), beside=True)
        for subject in made:
            for method in ("_info", "_split_generators", "_generate_examples"):
                if method in cls.__dict__:
                    yield attempt("exercise", f"{source.name}:{cls.__name__}.{method}"[:200], lambda: called(getattr(subject, method)), beside=True)


def new(cls):
    """With a recorder for every argument that has to be given."""
    try:
        return cls(*given(cls.__init__, skip=1))
    except Exception:
        return object.__new__(cls)


def called(function):
    result = function(*given(function))
    if inspect.isgenerator(result):
        for _ in itertools.islice(result, EXAMPLES):
            pass


def given(function, skip=0):
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    return [recorder_for("loader", parameter.name)() for parameter in parameters
            if parameter.kind in kinds and parameter.default is inspect.Parameter.empty]
