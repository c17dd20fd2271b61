"""A torch zip, mapped instead of read, as ``torch.load(mmap=True)`` of later versions does.

Reading gigabytes of numbers is most of the cost of a big model and says nothing of it. Mapped, they are there for whatever code looks
at them, and cost nothing where none does; nor do calls depend on how a zip is laid out. Storages that are not laid out in the plain way
are read by torch as ever, from the map.
"""

import collections
import mmap
import zipfile

import torch
import torch.serialization

ALIGNED = 16
"""Bytes; torch aligns storages to 64, and no kernel of its takes less than this."""

LOCAL_HEADER = 30
"""Bytes in front of name and extra field (APPNOTE.TXT 4.3.7); their two lengths are the last four of them."""


class Opened(torch.serialization._opener):
    """Takes the place of torch's ``_open_zipfile_reader``."""

    def __init__(self, file):
        try:
            view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        except Exception:  # it is in memory already
            view = None
        records = torch._C.PyTorchFileReader(file if view is None else view)
        super().__init__(records if view is None else Records(records, view))


class Records:
    """torch's reader of the records of one file, but for storages."""

    def __init__(self, records, view):
        self._records = records
        self._bytes = view
        self._members = None

    def __getattr__(self, name):
        return getattr(self._records, name)

    def get_storage_from_record(self, name, size, kind):
        start = self._place_of(name, size)
        if start is None:
            return self._records.get_storage_from_record(name, size, kind)
        return torch.frombuffer(self._bytes, dtype=torch.uint8, count=size, offset=start)

    def _place_of(self, name, size):
        """Where the bytes of a record begin in the file; None where it has to be read."""
        if self._members is None:
            self._members = self._listed()
        member = self._members.get(name)
        if member is None or not 0 < size <= member.file_size:
            return None
        lengths = member.header_offset + LOCAL_HEADER - 4
        header = self._bytes[lengths:lengths + 4]
        start = lengths + 4 + int.from_bytes(header[:2], "little") + int.from_bytes(header[2:], "little")
        return start if start % ALIGNED == 0 and start + size <= len(self._bytes) else None

    def _listed(self):
        """Members that are stored as they are and have a name of their own, by the name that torch asks for."""
        try:
            members = zipfile.ZipFile(self._bytes).infolist()
        except Exception:  # no zip in Python's eyes
            return {}
        folder = members[0].filename.split("/")[0] + "/" if members else ""
        names = collections.Counter(member.filename for member in members)
        return {
            member.filename.removeprefix(folder): member
            for member in members
            if member.compress_type == zipfile.ZIP_STORED and member.file_size == member.compress_size and names[member.filename] == 1
        }
