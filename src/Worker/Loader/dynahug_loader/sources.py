"""Bytes to load: the file itself or a member of an archive."""

import io
import os

from .budget import Budget


class Source:
    """A name and a way to open its bytes anew; ``path`` is None for what exists only in memory."""

    def __init__(self, name, size, path=None, data=None, depth=0, budget=None):
        self.name = name
        self.size = size
        self.path = path
        self.data = data
        self.depth = depth
        """How many archives it was taken out of."""
        self.budget = budget or Budget()

    @classmethod
    def of_file(cls, path, name):
        return cls(name, os.stat(path).st_size, path=path)

    def member(self, name, data):
        return Source(f"{self.name}!{name}"[:200], len(data), data=data, depth=self.depth + 1, budget=self.budget)

    def open(self):
        return open(self.path, "rb") if self.path is not None else io.BytesIO(self.data)

    def openable(self):
        """What a library's own ``load`` is given: the path where there is one, as its users do."""
        return self.path if self.path is not None else io.BytesIO(self.data)
