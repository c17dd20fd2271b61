#!/usr/bin/python3
"""Writes the detection corpus: malicious and benign files with a list of what each is. Needs python3-h5py, python3-py7zr, python3-lz4 and python3-zstandard."""

import os

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
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed writes the same bytes")
    arguments = parser.parse_args()
    if arguments.out.exists() and any(arguments.out.iterdir()):
        parser.error(f"'{arguments.out}' is not empty; name another folder")

    from samples import corpus

    repeatable.keep_everything_alive()
    warnings.simplefilter("ignore")
    arguments.out.mkdir(parents=True, exist_ok=True)
    corpus.write(arguments.out, arguments.seed)


if __name__ == "__main__":
    sys.exit(main())
