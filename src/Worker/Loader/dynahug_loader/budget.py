"""What the members of one file may cost, over all archives within it and at all depths."""

from .outcomes import Unsupported

MEMBERS = 4096
MEMBER_BYTES = 256 << 20
"""Read into memory whole: /tmp is memory too, and a member in a file would look like a file written by the load."""

TOTAL_BYTES = 1 << 30
"""What expands further is a bomb, or needs more time than a load is given."""


class Budget:
    def __init__(self):
        self._members = MEMBERS
        self._bytes = TOTAL_BYTES

    @property
    def is_used_up(self):
        return self._members < 0

    def check(self, size):
        """Raises Unsupported where a member of this size is too much."""
        if self._members <= 0:
            self._members = -1
            raise Unsupported(f"more than {MEMBERS} members")
        if size > MEMBER_BYTES:
            raise Unsupported(f"members of over {MEMBER_BYTES} bytes")
        if size > self._bytes:
            raise Unsupported(f"over {TOTAL_BYTES} bytes in all members together")

    def spend(self, size):
        self.check(size)
        self._members -= 1
        self._bytes -= size
