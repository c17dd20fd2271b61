"""Unpickling as the libraries do it, but for names that are not there.

This module stands in for ``pickle`` where a library lets us say so (torch) and is put in its place where not (numpy).
``find_class`` is the one hook that every unpickler has, the C one too: ordinary files make the same system calls with it.
"""

import _compat_pickle
import builtins
import copyreg
import io
import pickle
import pkgutil
import sys
import types
from pickle import *  # noqa: F403  (a stand-in has everything that the original has)

import joblib.numpy_pickle

from . import ending
from .recorder import is_recorder, journal, recorder_for


def resolve(find_class, module, name):
    """The global, its replacement, or a recorder where it cannot be imported."""
    if (module, name) not in ending.PLAIN:
        journal.named(module, name)
    if (module, name) in REPLACED:
        ending.noticed(module, name, REPLACED[module, name])
        return REPLACED[module, name]
    if module.startswith("numpy._core"):
        module = "numpy.core" + module.removeprefix("numpy._core")  # as numpy 2 names it
    try:
        found = recorder_for(module, name) if is_absent(module) else find_class(module, name)
    except Exception:  # a module that is there may still fail to import
        found = recorder_for(module, name)
    ending.noticed(module, name, found)
    return found


def is_absent(module):
    """Whether importing it would search the disk in vain. No file should look odd for what is not installed here, so that is not tried.

    A load that has changed where modules are looked for gets what it then finds.
    """
    top = module.partition(".")[0]
    return top not in sys.modules and top not in installed and sys.path == searched


def note_installed():
    """Lists what could be imported now."""
    global installed, searched
    searched = list(sys.path)
    installed = sys.stdlib_module_names.union(_compat_pickle.IMPORT_MAPPING, (found.name for found in pkgutil.iter_modules()))


installed = frozenset()
searched = None


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        return resolve(super().find_class, module, name)


class StreamUnpickler(Unpickler):
    """For streams whose persistent ids belong to an archive that is not opened along with them."""

    def persistent_load(self, persistent_id):
        return recorder_for("persistent", "id")


class JoblibUnpickler(joblib.numpy_pickle.NumpyUnpickler):
    def find_class(self, module, name):
        return resolve(super().find_class, module, name)


MAIN = types.ModuleType("__main__")
"""The script that a load believes to be part of: its own names may go there, and there is nothing of ours to find or overwrite."""

MAIN.__dict__["__builtins__"] = builtins

_CALL = compile("_unpickler_load()", "<load>", "eval")


def _load_from_main(unpickler):
    """Called as a script calls it: ``builtins.exec`` in a pickle runs in the globals and locals of whoever called ``load``."""
    MAIN.__dict__["_unpickler_load"] = unpickler.load
    return eval(_CALL, MAIN.__dict__)


def load(file, **options):
    return _load_from_main(Unpickler(file, **options))


def loads(data, /, **options):
    return load(io.BytesIO(data), **options)


def load_stream(file):
    return _load_from_main(StreamUnpickler(file))


def _reconstructor(cls, base, state):
    """What protocols 0 and 1 make objects with; a recorder only pretends to have the base class."""
    return object.__new__(cls) if is_recorder(cls) else copyreg._reconstructor(cls, base, state)


REPLACED = {("copyreg", "_reconstructor"): _reconstructor, ("copy_reg", "_reconstructor"): _reconstructor}
REPLACED["__builtin__", "__main__"] = REPLACED["builtins", "__main__"] = MAIN.__dict__  # what dill calls the globals of a script
REPLACED["dill.dill", "type"] = REPLACED["dill._dill", "type"] = type
for _module in ("pickle", "_pickle", "cPickle"):
    REPLACED[_module, "load"] = load
    REPLACED[_module, "loads"] = loads
