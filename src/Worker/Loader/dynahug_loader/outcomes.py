"""How loading ended: one result for every attempt, and one conclusion for the file."""

import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib

LOADED, RAISED, UNSUPPORTED, CORRUPT = "loaded", "raised", "unsupported", "corrupt"

UNREADABLE = (pickle.UnpicklingError, zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error)
"""What a reader raises about bytes, not about what they mean."""


class Unsupported(Exception):
    """May hold a program, but nothing here can load it."""


class Result:
    """One attempt of one loader on one file or member."""

    MOST = 64

    def __init__(self, loader, member, outcome, error=None, beside=False):
        self.loader = loader
        self.member = member
        self.outcome = outcome
        self.error = error
        self.beside = beside
        """Tried in addition to what the format asks for; a failure then says nothing about the file."""

    def described(self):
        return {"loader": self.loader, "member": self.member, "outcome": self.outcome, "error": self.error}


def attempt(loader, member, load, beside=False):
    """Runs ``load``; whatever it raises, exits and interrupts included, becomes a result."""
    try:
        load()
        return Result(loader, member, LOADED, beside=beside)
    except BaseException as error:
        return Result(loader, member, outcome_of(error), described(error), beside)


def guarded(step, source):
    """All results of a step, and one more if the step itself failed; beside those it had, that says little of the file."""
    results = []
    try:
        results.extend(step(source))
    except BaseException as error:
        results.append(Result(getattr(step, "__name__", "step"), source.name, outcome_of(error), described(error), beside=bool(results)))
    return results


def outcome_of(error):
    if isinstance(error, Unsupported):
        return UNSUPPORTED
    return CORRUPT if isinstance(error, UNREADABLE) or ran_out(error) or unreadable_archive(error) else RAISED


def ran_out(error):
    """The end of the file's own bytes; ``input()`` raises the same class with other words."""
    return type(error) is EOFError and described(error)["message"] != "EOF when reading a line"


def unreadable_archive(error):
    return type(error) is RuntimeError and "PytorchStreamReader" in described(error)["message"]


def described(error):
    """Type and message, bounded; a hostile exception may not even have a readable message."""
    try:
        message = str(error)[:400]
    except BaseException:
        message = "(no readable message)"
    kind = type(error)
    if kind is Unsupported:
        return {"type": "", "message": message}
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return {"type": str(name)[:120], "message": message.encode("utf-8", "backslashreplace").decode()}


def conclude(results):
    """The file's outcome: of the loaders its format asks for, one that could not load its part outweighs those that could."""
    asked = [result for result in results if not result.beside] or results
    for outcome in (RAISED, CORRUPT, UNSUPPORTED, LOADED):
        for result in asked:
            if result.outcome == outcome:
                return outcome, result.error
    return UNSUPPORTED, {"type": "", "message": "nothing in it that a loader here could run"}
