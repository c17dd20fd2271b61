"""The program that runs inside the sandbox and loads one model file; the story is told in dynahug_loader/session.py."""

import sys

from dynahug_loader import session

sys.path.pop(0)  # nothing that a model file names may resolve to the loader's own folder
session.run(sys.argv.pop())
