#!/usr/bin/python3
"""Writes a hub of sample models with the real libraries: benign ones of many kinds, and malicious ones with harmless payloads."""

import os

# One thread: sums of floating-point numbers then come out the same on every machine.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import pathlib
import sys
import warnings

from samples import repeatable

repeatable.restart_with_fixed_hashes()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR", help="a folder that does not exist yet, or is empty")
    parser.add_argument("--seed", type=int, required=True, metavar="N", help="the same seed writes the same bytes")
    parser.add_argument("--benign-only", action="store_true", help="leave the malicious repos out")
    arguments = parser.parse_args()
    if arguments.out.exists() and any(arguments.out.iterdir()):
        parser.error(f"'{arguments.out}' is not empty; name another folder")

    from samples import hub

    repeatable.keep_everything_alive()
    warnings.simplefilter("ignore")  # estimators that were not fitted to the end are fine here
    hub.write(arguments.out, arguments.seed, arguments.benign_only)


if __name__ == "__main__":
    sys.exit(main())
